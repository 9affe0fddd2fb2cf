import { expect, test } from "vitest";
import { parseJson, stringifyJson } from "./json.ts";

test("integers keep every digit, in and out", () => {
  const text =
    '{"large":18446744073709551615,"small":5,"fraction":0.1234567890123456789,"text":"18446744073709551615"}';
  const value = parseJson(text);
  expect(value).toEqual({
    large: 18446744073709551615n,
    small: 5,
    fraction: 0.12345678901234568,
    text: "18446744073709551615",
  });
  expect(stringifyJson({ large: 18446744073709551615n, list: [1n, null] })).toBe(
    '{"large":18446744073709551615,"list":[1,null]}',
  );
});
