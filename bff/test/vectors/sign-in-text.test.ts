import { describe, expect, test } from "vitest";
import { signInFields, signInText } from "../../src/domain/challenge.ts";
import caip122 from "./siws/caip122_examples.json" with { type: "json" };
import walletStandard from "./siws/wallet_standard_signin_text.json" with { type: "json" };

/** The clock of the text: nothing in it is another one the next time. */
const TIMES = { issuedAt: "2021-09-30T16:25:24.000Z", expirationTime: "2021-09-30T16:30:24.000Z" };

interface Parsed {
  readonly domain: string;
  readonly address: string;
  readonly statement?: string;
  readonly uri?: string;
}

/** What comes behind the statement and the URI in every text of ours. */
const OUR_FIELDS =
  "Version: 1\nChain ID: solana:mainnet\nNonce: n1\n" +
  `Issued At: ${TIMES.issuedAt}\nExpiration Time: ${TIMES.expirationTime}\nRequest ID: chl_n1\nResources:\n- R`;

function writeText({ address, statement = "S", uri = "https://solana.com" }: Parsed): string {
  const input = { origin: uri, chainId: "solana:mainnet", nonce: "n1", statement, resource: "R", address, ...TIMES };
  return signInText(signInFields(input), "Solana", address);
}

const VECTORS = Object.entries(walletStandard as Readonly<Record<string, { parsed: Parsed; text: string }>>);
/** Ours always has a statement: a text that goes from the address to the fields is none of ours. */
const EXPRESSIBLE = VECTORS.filter(([, { parsed }]) => parsed.uri === undefined || parsed.statement !== undefined);

describe("the sign-in text begins as the Wallet Standard's reference has it", () => {
  test.each(EXPRESSIBLE)("%s", (_name, { parsed, text }) => {
    const ours = writeText(parsed);
    expect(ours.startsWith(`${text}\n`)).toBe(true);
    // The whole of it, where theirs goes as far as to the fields.
    if (parsed.uri !== undefined) expect(ours).toBe(`${text}\n${OUR_FIELDS}`);
  });

  test("in all but one of its vectors", () => {
    expect(VECTORS.map(([name]) => name).filter((name) => !EXPRESSIBLE.some(([own]) => own === name))).toEqual([
      "with fields",
    ]);
  });
});

describe("CAIP-122's example", () => {
  test("has the lines of ours for the same fields, but in its own order", () => {
    const theirs = caip122.solana_text.split("\n");
    const fieldOf = (name: string): string =>
      theirs.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
    const ours = signInText(
      {
        domain: "service.org",
        statement: theirs[3] ?? "",
        uri: fieldOf("URI"),
        version: "1",
        chainId: fieldOf("Chain ID"),
        nonce: fieldOf("Nonce"),
        issuedAt: fieldOf("Issued At"),
        expirationTime: TIMES.expirationTime,
        requestId: "r",
        resources: theirs.slice(-2).map((line) => line.slice(2)),
      },
      "Solana",
      theirs[1] ?? "",
    ).split("\n");
    const added = new Set([`Expiration Time: ${TIMES.expirationTime}`, "Request ID: r"]);
    expect(ours.filter((line) => !added.has(line)).toSorted()).toEqual(theirs.toSorted());
    expect(ours.slice(0, 7)).toEqual(theirs.slice(0, 7));
  });
});
