import { expect, test } from "vitest";
import { allowlistWords } from "./allowlist-words.ts";

test("turning on an empty list is said to refuse everybody", () => {
  expect(allowlistWords(true, 0)).toContain("nobody at all is sponsored");
});

test("what the list does is said by its number, also before that is known", () => {
  expect(allowlistWords(true, 1)).toMatch(/^The one wallet on the list is sponsored/);
  expect(allowlistWords(true, 10_000)).toMatch(/^The 10,000 wallets on the list are sponsored/);
  expect(allowlistWords(true, undefined)).toMatch(/^The wallets on the list are sponsored/);
  expect(allowlistWords(false, 5)).toContain("every signed-in user");
});
