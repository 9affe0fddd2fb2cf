import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import { CHUNK } from "./test-support.ts";

const MAX_GZIPPED_BYTES = 50_000;
const code = readFileSync(CHUNK, "utf8");

describe("the chunk that comes when Pera is chosen", () => {
  test("weighs at most 50 kB gzipped, everything in it", () => {
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIPPED_BYTES);
  });

  test("imports nothing, so that the classic script can fetch it as well", () => {
    const { staticImports, dynamicImports } = parseSync("pera.js", code).module;
    expect([staticImports, dynamicImports]).toEqual([[], []]);
  });

  test("holds no algosdk, no dialog of Pera's, no animation, no second signature code, and nothing that evaluates text", () => {
    // What each of these cannot be without, minified or not.
    const marks =
      /AlgodTokenHeader|abi-method|customElements|lottie|QRCodeStyling|Opera Mini|crypto_sign|VersionedTransaction|ZodError|JWTClaim|\beval\(|new Function\b/;
    expect(marks.exec(code)?.[0]).toBeUndefined();
  });

  test("has the protocol's own code in it", () => {
    for (const mark of ["wc_sessionRequest", "algo_signTxn", "algo_signData", "PeraWalletConnectError"]) {
      expect(code).toContain(mark);
    }
  });
});
