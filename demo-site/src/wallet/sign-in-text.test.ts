import { expect, test } from "vitest";
import { writeSignInText } from "./sign-in-text.ts";

const ADDRESS = "q9Kj7yW5iX14yHEbdrBTH1ASMQvCf27bZqG8q6MiCuF";

test("the text is the one that the API writes from the same fields", () => {
  const fields = {
    domain: "127.0.0.1:8788",
    address: ADDRESS,
    statement: "Sign in to Gasless Demo.",
    uri: "http://127.0.0.1:8788",
    version: "1",
    chainId: "localnet",
    nonce: "0123456789abcdef",
    issuedAt: "2026-01-01T00:00:00.000Z",
    expirationTime: "2026-01-01T00:05:00.000Z",
    requestId: "chl_0123456789abcdef",
    resources: ["http://127.0.0.1:8787/v1/projects/prj_1"],
  };
  expect(writeSignInText(fields, "elsewhere.example", ADDRESS))
    .toBe(`127.0.0.1:8788 wants you to sign in with your Solana account:
${ADDRESS}

Sign in to Gasless Demo.

URI: http://127.0.0.1:8788
Version: 1
Chain ID: localnet
Nonce: 0123456789abcdef
Issued At: 2026-01-01T00:00:00.000Z
Expiration Time: 2026-01-01T00:05:00.000Z
Request ID: chl_0123456789abcdef
Resources:
- http://127.0.0.1:8787/v1/projects/prj_1`);
});

test("a page that asks for nothing in particular gets its own name and the address", () => {
  const text = `dapp.example wants you to sign in with your Solana account:\n${ADDRESS}`;
  expect(writeSignInText({}, "dapp.example", ADDRESS)).toBe(text);
});
