import { expect, test } from "vitest";
import { safeUrl } from "./explorer-link.ts";

test("script injection: an explorer address that is no web page becomes no link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", " java\nscript:alert(1)", "/relative", ""]) {
    expect(safeUrl(text), text).toBeUndefined();
  }
  expect(safeUrl(null)).toBeUndefined();
});

test("an explorer's page is linked as it is", () => {
  expect(safeUrl("https://explorer.example/tx/abc?cluster=devnet")).toBe(
    "https://explorer.example/tx/abc?cluster=devnet",
  );
});
