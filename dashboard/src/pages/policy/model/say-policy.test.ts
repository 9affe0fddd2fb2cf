import { describe, expect, test } from "vitest";
import { namesOf } from "./names.ts";
import { sayPolicy } from "./say-policy.ts";
import { sayPredicate } from "./say-predicate.ts";
import { textOf } from "./words.ts";

const MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const catalogue = { templates: [], programs: [{ address: TOKEN, name: "SPL Token", instructions: [] }] };
const say = (document: Readonly<Record<string, unknown>>, network = "solana:devnet"): readonly string[] =>
  sayPolicy(document, namesOf(catalogue, document), network).map(({ words }) => textOf(words));

describe("a policy in plain words", () => {
  test("an entry is one sentence: program, instruction, and on what conditions", () => {
    const entry = {
      program: TOKEN,
      instruction: "transferChecked",
      sessionWalletIs: ["owner"],
      accounts: { mint: { in: [MINT] } },
      arguments: { amount: { gte: "1", lte: "5000000" } },
    };
    expect(say({ allow: [entry] })[0]).toBe(
      `SPL Token · transferChecked, when the owner is the signed-in wallet, the account mint is ${MINT} and amount is at least 1 and is at most 5,000,000`,
    );
  });

  test("an entry without conditions says that it has none", () => {
    expect(say({ allow: [{ program: TOKEN, instruction: "transfer" }] })[0]).toBe(
      "SPL Token · transfer without conditions",
    );
  });

  test("what the System program moves is told in SOL", () => {
    const entry = { program: "1".repeat(32), instruction: "transfer", arguments: { amount: { lte: "1000000" } } };
    expect(say({ allow: [entry] })[0]).toContain("amount is at most 0.001 SOL");
  });

  test("limits are told in whole coins with base units, and compute with what it costs at most", () => {
    const said = say({ allow: [], maxFee: "25000", maxComputeUnits: 200_000, maxComputeUnitPrice: "50000" });
    expect(said).toContain("One transaction costs at most 0.000025 SOL (25,000 lamports)");
    expect(said).toContain("At most 50,000 micro-lamports for a compute unit, so at most 0.00001 SOL of priority fee");
    expect(said).toContain("No rent is paid");
  });

  test("a document can neither rename what is built in, nor pass off a program of its own as that", () => {
    const own = "Evi1111111111111111111111111111111111111111";
    const document = {
      programs: [
        { address: TOKEN, name: "Harmless", instructions: [] },
        { address: own, name: "SPL Token", instructions: [] },
      ],
      allow: [
        { program: TOKEN, instruction: "burn" },
        { program: own, instruction: "burn" },
      ],
    };
    expect(say(document).slice(0, 2)).toEqual([
      "SPL Token · burn without conditions",
      `SPL Token at ${own} · burn without conditions`,
    ]);
  });

  test("Algorand's entries name the application, its methods and the liberties that are given", () => {
    const call = {
      transaction: "application-call",
      application: "77",
      methods: ["add(uint64)uint64"],
      allowRekey: true,
    };
    const transfer = { transaction: "asset-transfer", arguments: { asset: { eq: "31566704" } } };
    const said = say({ allow: [call, transfer], maxFee: "4000" }, "algorand:testnet");
    expect(said[0]).toBe("Application call to 77 by add(uint64)uint64; it may hand the account to another key");
    expect(said[1]).toBe("Asset transfer, when asset is 31566704");
    expect(said).toContain("One group costs at most 0.004 ALGO (4,000 microAlgos)");
  });

  test("hostile shapes are told as unreadable, and never throw", () => {
    const shapes = [null, [], "x", { allow: [null, 7, { accounts: [], arguments: "x", program: 5 }] }, { allow: "x" }];
    for (const shape of shapes) {
      const document = {
        allow: shape,
        programs: shape,
        sponsorRoles: shape,
        lookupTables: shape,
        maxFee: shape,
        minimumBalance: shape,
        maxRent: shape,
      };
      expect(() => say(document)).not.toThrow();
      expect(() => say(document, "algorand:testnet")).not.toThrow();
    }
  });
});

describe("predicates in words", () => {
  test.each([
    [{ eq: null }, "is absent"],
    [{ eq: true }, "is true"],
    [{ in: ["a", "b", "c"] }, "is one of a, b or c"],
    [{ gt: "0", not: { eq: "7" } }, "is above 0 and not (is 7)"],
    [{ any: [{ eq: "a" }, { startsWith: "b" }] }, "either (is a or begins with b)"],
    [{ nonsense: 1 }, "is something that cannot be read"],
  ])("%j", (predicate, words) => {
    expect(textOf(sayPredicate(predicate))).toBe(words);
  });

  test("a long list leaves nothing out of its text, so that no change of it goes unseen", () => {
    const values = Array.from({ length: 50 }, (_, index) => `key${index}`);
    expect(textOf(sayPredicate({ in: values }))).toContain("key49");
  });
});
