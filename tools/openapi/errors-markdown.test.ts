import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../bff/src/errors.ts";
import { renderErrorsMarkdown } from "./errors-markdown.ts";

test("every error code has its row", () => {
  const page = renderErrorsMarkdown();
  for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
    expect(page).toContain(`\n| \`${code}\` | ${status} | ${title} |`);
  }
});

test("docs/errors.md is what the table says", () => {
  expect(readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8")).toBe(renderErrorsMarkdown());
});
