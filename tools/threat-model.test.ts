import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/threat-model.md`, "utf8");

/** Rows of the tables, without their heads. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| attack |"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

describe("each attack of the threat model has a rule and a test", () => {
  test("there are as many as the attack list has kinds", () => {
    expect(rows.length).toBeGreaterThanOrEqual(70);
    expect(new Set(rows.map(([, attack]) => attack)).size).toBe(rows.length);
  });

  test.each(rows.map(([, attack = "", rule = "", shown = ""]) => ({ attack, rule, shown })))(
    "$attack",
    ({ rule, shown }) => {
      expect(rule.length).toBeGreaterThan(10);
      const [, file = "", name = ""] = /^`([^`]+)` › (.+)$/.exec(shown) ?? [];
      expect(existsSync(`${root}${file}`), file).toBe(true);
      expect(readFileSync(`${root}${file}`, "utf8"), `${file} has no test "${name}"`).toContain(name);
    },
  );
});
