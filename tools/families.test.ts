import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "../bff/src");
/** Layers that must not care which family a network is of. */
const LAYERS = ["services", "http", "jobs"];
const FAMILY = /solana|algorand|eip155|\bnear\b|familyOf|takesGroups|lamports|algos/i;

/** Code without its comments. */
function codeOf(path: string): string {
  return readFileSync(path, "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/.*$/gm, "");
}

function filesOf(layer: string): string[] {
  return readdirSync(join(SOURCE, layer), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(layer, name));
}

test("no use-case, route or job knows a chain family: what differs is behind the port", () => {
  const found = LAYERS.flatMap(filesOf).flatMap((file) => {
    const lines = codeOf(join(SOURCE, file)).split("\n");
    const knowing = lines.filter((line) => FAMILY.test(line) && !line.includes("takesGroups"));
    return knowing.map((line) => `${file}: ${line.trim()}`);
  });
  expect(found).toEqual([]);
});

test("what is asked of a family is whether its relays are groups, in two places", () => {
  const asking = LAYERS.flatMap(filesOf).filter((file) => codeOf(join(SOURCE, file)).includes("takesGroups"));
  expect(asking.toSorted()).toEqual(["services/relays/prepare-relay.ts", "services/relays/read-transaction.ts"]);
});
