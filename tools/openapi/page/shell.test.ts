import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { renderDocs } from "../docs-page.ts";
import { renderGuide } from "../guide/page.ts";
import { MANAGE_OPERATIONS } from "../manage/operations.ts";
import { renderManagement } from "../manage/page.ts";
import { DOCS_POLICY } from "./shell.ts";

const PAGES = { "/docs": renderDocs(), "/docs/guide": renderGuide(), "/docs/management": renderManagement() } as const;

const idsOf = (page: string): readonly string[] => Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id = ""]) => id);

describe.each(Object.entries(PAGES))("%s", (_path, page) => {
  const ids = idsOf(page);

  test("has each anchor once, and one for every link inside it", () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const targets = Array.from(page.matchAll(/ (?:href="#|aria-labelledby=")([^"]+)"/g), ([, id = ""]) => id);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("links to nothing that the other pages do not have", () => {
    const links = Array.from(page.matchAll(/ href="\{api\}(\/docs[^"#]*)(?:#([^"]+))?"/g));
    expect(links.length).toBeGreaterThan(2);
    for (const [link, path = "", id] of links) {
      const target = PAGES[path as keyof typeof PAGES] ?? expect.fail(`${link} leads nowhere`);
      if (id !== undefined) expect(idsOf(target), link).toContain(id);
    }
  });

  test("runs nothing and asks nobody", () => {
    const tags = page.match(/<[a-z][^>]*>/gi)?.join("\n") ?? "";
    expect(tags).not.toMatch(/^<(?:script|link|img|iframe|form)\b|\s(?:style|src|on\w+)=/im);
    expect(/<style>([^<]*)<\/style>/.exec(page)?.[1]).not.toMatch(/@import|url\(/i);
  });

  test("has its own style, which the policy allows, and nothing else", () => {
    const [, style = "", ...others] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(others).toEqual([]);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(DOCS_POLICY).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  test("is of a deployment whose address does not change what the policy allows", () => {
    expect(/<style>([^<]*)<\/style>/.exec(page)?.[1]).not.toContain("{api}");
    expect(page).toContain("{api}/docs");
    expect(page).not.toContain("api.example");
  });

  test("skips no level of its headings", () => {
    const levels = Array.from(page.matchAll(/<h([1-6])/g), ([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  test("knows where it is among the pages", () => {
    expect(page.match(/aria-current="page"/g)).toHaveLength(1);
  });

  test("stays small on the wire: at most 35 kB", async () => {
    const stream = new Blob([page]).stream().pipeThrough(new CompressionStream("gzip"));
    expect((await new Response(stream).arrayBuffer()).byteLength).toBeLessThan(35_000);
  });
});

test("every call of the management API has its anchor", () => {
  const ids = idsOf(PAGES["/docs/management"]);
  expect(MANAGE_OPERATIONS.map(({ operationId }) => operationId).filter((id) => !ids.includes(id))).toEqual([]);
});
