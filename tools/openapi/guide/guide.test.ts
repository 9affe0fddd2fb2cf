import { expect, test } from "vitest";
import { policyDeskOf } from "../../../bff/src/adapters/chains/policy-desks.ts";
import { Role } from "../../../bff/src/contract/manage/values.ts";
import { PROBLEMS } from "../../../bff/src/errors.ts";
import { readFileSync } from "node:fs";
import { MANAGE_OPERATIONS } from "../manage/operations.ts";
import { CHAPTERS, readChapter } from "./chapters.ts";
import { parseMarkdown, renderChapter, renderInline } from "./markdown.ts";
import { renderGuide } from "./page.ts";

const RECIPES = readChapter("policies").flatMap((block, index, blocks) => {
  if (block.kind !== "code") return [];
  const title = blocks.slice(0, index).findLast((before) => before.kind === "heading");
  return [{ title: title?.text ?? "", document: JSON.parse(block.text) as Readonly<Record<string, unknown>> }];
});

function lint(title: string, document: unknown, hasRentBudget: boolean) {
  const desk = policyDeskOf(title.includes("Algorand") ? "algorand:mainnet" : "solana:mainnet");
  const read = desk?.read(document);
  return read?.ok ? read.value.lint({ hasRentBudget }) : expect.fail(JSON.stringify(read));
}

test("there are ten policies by example", () => {
  expect(RECIPES).toHaveLength(10);
});

test.each(RECIPES)("the policy of “$title” is one, and the checks find nothing in it", ({ title, document }) => {
  expect(lint(title, document, true)).toEqual([]);
});

test("a policy by example that sponsors rent is refused without a budget of it, as its text says", () => {
  const withRent = RECIPES.filter(({ document }) => "maxRent" in document);
  expect(withRent.length).toBeGreaterThan(1);
  for (const { title, document } of withRent) {
    expect(lint(title, document, false).map((finding) => finding.lint)).toContain("rent-without-budget");
  }
});

test("the guide says of every error what to do", () => {
  const page = renderGuide();
  for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`/docs#${code}"`);
});

test("a value of the text cannot become markup", () => {
  expect(renderInline("a <b> & `<i>` **<u>**").html).toBe(
    "a &lt;b&gt; &amp; <code>&lt;i&gt;</code> <strong>&lt;u&gt;</strong>",
  );
});

test("a link that leads to no page of the worker stops the build", () => {
  expect(() => renderInline("[storage](../storage.md)")).toThrow("../storage.md is on no page");
});

test("blocks are read as they are written, and code keeps its lines", () => {
  const source =
    "# Title\n\nOne\ntwo.\n\n- a\n  b\n- c\n\n```sh Try it\nx\n\n# y\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
  expect(parseMarkdown(source)).toEqual([
    { kind: "heading", level: 1, id: "title", text: "Title" },
    { kind: "paragraph", text: "One two." },
    { kind: "list", isOrdered: false, items: ["a b", "c"] },
    { kind: "code", language: "sh", title: "Try it", text: "x\n\n# y" },
    {
      kind: "table",
      rows: [
        ["a", "b"],
        ["1", "2"],
      ],
    },
  ]);
  expect(() => renderChapter("x", parseMarkdown("no title"))).toThrow("begins with its title");
});

test("the table of roles is about the five that there are, and right about the two that look on", () => {
  const table = readChapter("quick-start").find((block) => block.kind === "table");
  const [, ...rows] = table?.rows ?? [];
  expect(rows.map(([role]) => role)).toEqual(Role.options.map((role) => `\`${role}\``));

  const refusedTo = (role: Role) => MANAGE_OPERATIONS.filter(({ roles }) => roles !== null && !roles.includes(role));
  const hidden = refusedTo("viewer").filter(({ method }) => method === "GET");
  expect(hidden.map(({ path }) => path.split("/")[3])).toEqual(["invitations", "keys", "audit", "audit", "audit"]);
  const beyondViewers = refusedTo("viewer").filter((operation) => !refusedTo("billing").includes(operation));
  expect(beyondViewers.map(({ operationId }) => operationId)).toEqual(["setBudgets"]);
});

test("the dashboard's pages are called what the guide calls them", () => {
  const labels = readFileSync(new URL("../../../dashboard/src/app/routes.ts", import.meta.url), "utf8");
  const bold = CHAPTERS.flatMap(
    (chapter) => JSON.stringify(readChapter(chapter)).match(/(?<=\*\*)[A-Z][a-z]+(?=\*\*)/g) ?? [],
  );
  expect(new Set(bold).size).toBeGreaterThan(10);
  expect(bold.filter((name) => !labels.includes(`label: "${name}"`))).toEqual([]);
});
