import { describe, expect, test } from "vitest";
import { parseJson } from "./http-exchange.ts";

describe("amounts on the wire", () => {
  test("beyond what a double holds come back exactly", () => {
    expect(parseJson('{"lamports":18446744073709551615,"slot":7}')).toEqual({
      lamports: 18_446_744_073_709_551_615n,
      slot: 7,
    });
    expect(parseJson("9007199254740993")).toBe(9_007_199_254_740_993n);
  });
});
