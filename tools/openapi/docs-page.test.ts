import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ROUTES } from "../../bff/src/contract/routes.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";
import { renderDocs } from "./docs-page.ts";
import { readRunbooks } from "./page/runbooks.ts";

const { page, csp } = renderDocs();
const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id);

test("every error code, every call and every alert has its anchor", () => {
  const alerts = readRunbooks().map(({ kind }) => kind);
  const wanted = [...Object.keys(PROBLEMS), ...ROUTES.map(({ operationId }) => operationId), ...alerts];
  expect(alerts).toContain("ledger.difference");
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
});

test("an anchor is there once, and every link inside the page has one", () => {
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const targets = [...page.matchAll(/ (?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, id = ""]) => id);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
});

test("the page runs nothing and asks nobody", () => {
  expect(page).not.toMatch(/<script|<link|<img|<iframe|<form| style=| on\w+=| src=|@import|url\(/i);
});

test("the policy allows the page's own style and nothing else", () => {
  const [, style = "", ...others] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  expect(others).toEqual([]);
  expect(page.match(/<style/g)).toHaveLength(1);
  expect(csp).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

test("the deployment's address does not change what the policy allows", () => {
  expect(/<style>([^<]*)<\/style>/.exec(page)?.[1]).not.toContain("{api}");
  expect(page).toContain("{api}/openapi.json");
});

test("no heading skips a level", () => {
  const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
});

test("the whole of a generated page stays small on the wire: at most 1.14 kB for each call, as when there were 21", async () => {
  const stream = new Blob([page]).stream().pipeThrough(new CompressionStream("gzip"));
  expect((await new Response(stream).arrayBuffer()).byteLength / ROUTES.length).toBeLessThan(1_140);
});
