import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScene, type Scene, signIn } from "./support/scene.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const README = read("README.md");

/** The first block of a language in the README's chapter on embedding, without the indent of its list. */
function snippet(language: string): string {
  const [, chapter = ""] = README.split("## Add it to your page in five minutes");
  const [, block = ""] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(chapter) ?? [];
  return block.replaceAll(/^ {3}/gm, "").trim();
}

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

test("the demo page has the script tag exactly as the README shows it", () => {
  const values: Readonly<Record<string, string>> = {
    "{{origin}}": "http://127.0.0.1:8788",
    "{{api}}": "http://127.0.0.1:8787",
    "{{network}}": "solana:localnet",
    "{{publishableKey}}": "pk_test_the_key_that_npm_start_printed",
  };
  const page = read("demo-site/index.html").replaceAll(/\{\{\w+\}\}/g, (name) => values[name] ?? name);
  const lines = (text: string) => text.split("\n").map((line) => line.trim());
  expect(lines(page).join("\n")).toContain(lines(snippet("html")).join("\n"));
});

test("the README's code has a memo sponsored, as it is printed", async () => {
  const { page } = await scene.visit();
  await signIn(page);
  const code = snippet("js");
  expect(code).toContain("wallet.sponsor([memo])");
  // What it would print is what it is asked for.
  const printed = code.replace(/console\.log\((.*)\);.*$/m, "return [$1];");
  expect(await page.evaluate<unknown[]>(`(async () => { ${printed} })()`)).toEqual([
    "finalized",
    expect.stringMatching(/^\w{64,88}$/),
  ]);
});
