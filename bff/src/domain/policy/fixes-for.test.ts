import { describe, expect, test } from "vitest";
import { KNOWN_INSTRUCTIONS } from "../../../test/matrix/known-calls.ts";
import {
  OTHER_SPONSOR,
  ruleInput,
  sketchKnown,
  SPONSOR,
  type TransactionSketch,
  USER,
} from "../../../test/support/decoded-transaction.ts";
import type { SolanaPolicy } from "../../contract/policy.ts";
import { compilePolicy } from "./compile.ts";
import { diffDocuments } from "./diff.ts";
import { FORM_RULES, POLICY_RULES } from "./evaluate.ts";
import { proposeChanges } from "./fixes-for.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";
import type { RuleInput } from "./rule.ts";

const [MEMO] = MEMO_PROGRAMS;
const memo = { program: MEMO, accounts: [USER], data: [104, 105] };
const transfer = {
  program: TOKEN_PROGRAM,
  accounts: ["source", "destination", USER],
  data: [3, 5, 0, 0, 0, 0, 0, 0, 0],
};
const ataBySponsor = {
  program: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM],
  data: [1],
};
const price = (microLamports: number) => ({
  program: COMPUTE_BUDGET_PROGRAM,
  data: [3, microLamports, 0, 0, 0, 0, 0, 0, 0],
});

const failing = (input: RuleInput): readonly string[] =>
  [...FORM_RULES, ...POLICY_RULES].flatMap(({ name, check }) =>
    check(input).some(({ verdict }) => verdict === "fail") ? [name] : [],
  );

/** The rules that still fail after a proposed policy. */
const failingAfter = (input: RuleInput, document: unknown): readonly string[] =>
  failing({ ...input, policy: compilePolicy(document as SolanaPolicy) });

function propose(sketch: TransactionSketch, document: Partial<SolanaPolicy> = {}) {
  const input = ruleInput(sketch, document);
  const changes = proposeChanges(input);
  for (const { rules, document: changed } of changes) {
    const still = failingAfter(input, changed);
    expect(rules.filter((rule) => still.includes(rule))).toEqual([]);
  }
  return {
    changes,
    entries: changes.map(({ document: changed }) =>
      diffDocuments(input.policy.document, changed).map(({ after }) => after),
    ),
  };
}

describe("what would let a refused transaction through", () => {
  const cases = KNOWN_INSTRUCTIONS.map((known) => [`${known.program.name} ${known.shape.name}`, known] as const);

  test.each(cases)("%s: its entry, as narrow as the call is, and nothing is left that refuses it", (_, known) => {
    const signer = known.shape.accounts.find((role) => /owner|authority|payer|source/i.test(role));
    const call = sketchKnown(known, (role) => (role === signer ? USER : role));
    // A nonce as the first instruction is refused by a rule of its own.
    const input = ruleInput({ instructions: [memo, call] }, { allow: [{ program: MEMO, instruction: "memo" }] });
    const changes = proposeChanges(input);
    const last = changes.at(-1)?.document as SolanaPolicy | undefined;
    if (failing(input).length === 0) expect(changes).toEqual([]);
    else expect(last && failingAfter(input, last)).toEqual([]);
    const added = last?.allow.find(({ instruction }) => instruction === known.shape.name && signer !== undefined);
    if (added && known.program.address !== LIGHTHOUSE_PROGRAM) expect(added.sessionWalletIs).toContain(signer);
  });

  test("bounds are raised to what is seen, no further", () => {
    const { changes } = propose(
      { instructions: [memo, price(9)] },
      {
        allow: [
          { program: MEMO, instruction: "memo" },
          { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitPrice" },
        ],
        maxComputeUnitPrice: "5",
        maxFee: "10001",
        maxSignatures: 1,
      },
    );
    expect(changes.map(({ rules }) => rules)).toEqual([
      ["signatures-within-limit"],
      ["compute-unit-price-within-limit"],
      ["fee-within-limit"],
      ["signatures-within-limit", "compute-unit-price-within-limit", "fee-within-limit"],
    ]);
    expect(changes.at(-1)?.document).toMatchObject({ maxSignatures: 2, maxComputeUnitPrice: "9", maxFee: "10013" });
  });

  test("a role of the sponsor is turned on with the rent that it takes", () => {
    const allow = [{ program: ASSOCIATED_TOKEN_PROGRAM, instruction: "createIdempotent" }];
    const { changes, entries } = propose({ instructions: [ataBySponsor] }, { allow });
    expect(entries).toEqual([["2039280", [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }]]]);
    expect(changes[0]?.description).toContain("pay up to 2039280 lamports of rent");
  });

  test("an entry is widened by the one value that it lacked", () => {
    const entry = { program: TOKEN_PROGRAM, instruction: "transfer", sessionWalletIs: ["owner"] };
    const narrow = { ...entry, accounts: { destination: { eq: "shop" } }, arguments: { amount: { lte: "4" } } };
    const { changes } = propose({ instructions: [transfer] }, { allow: [narrow] });
    const accounts = { destination: { in: ["shop", "destination"] } };
    expect(changes.map(({ document }) => (document as SolanaPolicy).allow)).toEqual([
      [{ ...entry, accounts, arguments: { amount: { lte: "5" } } }],
    ]);
  });

  test("two calls of one instruction need one entry, and lookup tables are named one by one", () => {
    const twice = propose({ instructions: [transfer, transfer] });
    expect(twice.entries).toEqual([[{ program: TOKEN_PROGRAM, instruction: "transfer", sessionWalletIs: ["owner"] }]]);
    const tables = propose(
      { instructions: [transfer], loaded: ["destination"] },
      { allow: [{ program: TOKEN_PROGRAM, instruction: "transfer" }] },
    );
    expect(tables.changes.map(({ document }) => (document as SolanaPolicy).lookupTables)).toEqual([["table"]]);
  });

  test("a transaction that nobody has signed yet is as good as another", () => {
    const changes = { signatures: [new Uint8Array(64), new Uint8Array(64)] };
    expect(propose({ instructions: [transfer], changes }).changes).toHaveLength(1);
  });
});

describe("nothing is proposed that misuses the sponsor or opens the policy to others", () => {
  const advanceNonce = { program: SYSTEM_PROGRAM, accounts: ["nonce", "sysvar", USER], data: [4, 0, 0, 0] };
  const fromSponsor = {
    program: SYSTEM_PROGRAM,
    accounts: [SPONSOR, USER],
    data: [2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0],
  };
  const createBySponsor = {
    program: SYSTEM_PROGRAM,
    accounts: [SPONSOR, USER],
    data: [0, 0, 0, 0, ...Array.from({ length: 16 }, () => 1), ...Array.from({ length: 32 }, () => 7)],
  };
  test.each<readonly [string, TransactionSketch, Partial<SolanaPolicy>]>([
    ["lamports of the sponsor are moved", { instructions: [fromSponsor] }, {}],
    ["the sponsor makes an account for somebody: a gift", { instructions: [createBySponsor] }, {}],
    [
      "another sponsor is named, beside something that could be allowed",
      { instructions: [transfer, { ...memo, accounts: [OTHER_SPONSOR] }] },
      {},
    ],
    ["the sponsor is a program", { instructions: [{ program: SPONSOR }] }, {}],
    ["a stranger pays", { feePayer: "stranger", instructions: [memo] }, {}],
    ["the wallet is no signer", { signers: ["friend"], instructions: [transfer] }, {}],
    [
      "the sponsor's place is signed",
      { instructions: [memo], changes: { signatures: [new Uint8Array(64).fill(1)] } },
      {},
    ],
    ["a nonce keeps it alive", { instructions: [advanceNonce] }, {}],
    [
      "it is an instruction that nobody can tell",
      { instructions: [{ program: TOKEN_PROGRAM, accounts: [USER], data: [200] }] },
      {},
    ],
    [
      "it is a program that nobody has described",
      { instructions: [transfer, { program: "unknown", accounts: [USER] }] },
      {},
    ],
    [
      "the entry is for the signed-in wallet, and this is somebody else's",
      { signers: [USER, "friend"], instructions: [{ ...transfer, accounts: ["source", "destination", "friend"] }] },
      { allow: [{ program: TOKEN_PROGRAM, instruction: "transfer", sessionWalletIs: ["owner"] }] },
    ],
    [
      "the entry excludes this account by name",
      { instructions: [transfer] },
      {
        allow: [
          {
            program: TOKEN_PROGRAM,
            instruction: "transfer",
            accounts: { destination: { not: { eq: "destination" } } },
          },
        ],
      },
    ],
    ["its compute price is said twice", { instructions: [memo, price(1), price(2)] }, {}],
  ])("%s", (_, sketch, document) => {
    expect(failing(ruleInput(sketch, document))).not.toEqual([]);
    expect(propose(sketch, document).changes).toEqual([]);
  });
});
