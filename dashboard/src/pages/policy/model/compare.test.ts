import { describe, expect, test } from "vitest";
import { compareLines, foldLines } from "./compare-lines.ts";
import { compareStatements } from "./compare-statements.ts";
import { namesOf } from "./names.ts";
import { sayPolicy } from "./say-policy.ts";
import { textOf } from "./words.ts";

const say = (document: Readonly<Record<string, unknown>>) =>
  sayPolicy(document, (address) => [address], "solana:devnet");

describe("changes in words", () => {
  const transfer = { program: "System", instruction: "transfer" };
  const memo = { program: "Memo", instruction: "addMemo" };

  test("entries come and go, a limit is one change from what it was to what it is", () => {
    const changes = compareStatements(
      say({ allow: [transfer], maxFee: "10000" }),
      say({ allow: [memo], maxFee: "20000" }),
    );
    expect(changes.map(({ before, after }) => [before && textOf(before.words), after && textOf(after.words)])).toEqual([
      [undefined, "Memo · addMemo without conditions"],
      ["System · transfer without conditions", undefined],
      [
        "One transaction costs at most 0.00001 SOL (10,000 lamports)",
        "One transaction costs at most 0.00002 SOL (20,000 lamports)",
      ],
    ]);
  });

  test("the order of the allowlist means nothing", () => {
    expect(compareStatements(say({ allow: [transfer, memo] }), say({ allow: [memo, transfer] }))).toEqual([]);
  });

  test("an entry that stood there twice and now once is a change", () => {
    expect(compareStatements(say({ allow: [memo, memo] }), say({ allow: [memo] }))).toHaveLength(1);
  });

  test("a program of the same name at another address is another program", () => {
    const programs = ["Memo1", "Memo2"].map((address) => ({ address, name: "Memo", instructions: [] }));
    const names = namesOf({ programs, templates: [] }, {});
    const entry = (program: string) => ({ allow: [{ program, instruction: "memo" }] });
    const changes = compareStatements(
      sayPolicy(entry("Memo1"), names, "solana:devnet"),
      sayPolicy(entry("Memo2"), names, "solana:devnet"),
    );
    expect(changes).toHaveLength(2);
  });

  test("one address that changes in the middle of a long list is a change", () => {
    const mints = Array.from({ length: 30 }, (_, index) => `mint${index}`);
    const entry = (values: readonly string[]) => ({ allow: [{ ...transfer, accounts: { mint: { in: values } } }] });
    expect(compareStatements(say(entry(mints)), say(entry(mints.with(15, "evil"))))).toHaveLength(2);
  });
});

describe("changes by line", () => {
  test("each line is kept, added or removed, and both texts can be told from them", () => {
    const [before, after] = ["a\nb\nc\nd", "a\nx\nc\nd\ne"];
    const found = compareLines(before, after);
    const without = (kind: string) =>
      found
        .filter((line) => line.kind !== kind)
        .map(({ text }) => text)
        .join("\n");
    expect(without("added")).toBe(before);
    expect(without("removed")).toBe(after);
    expect(found.filter(({ kind }) => kind === "same").map(({ text }) => text)).toEqual(["a", "c", "d"]);
  });

  test("texts too long for a table of all lines are still told apart", () => {
    const long = (letter: string) => Array.from({ length: 3000 }, (_, index) => `${letter}${index}`).join("\n");
    const found = compareLines(long("a"), long("b"));
    expect(found.filter(({ kind }) => kind === "added")).toHaveLength(3000);
  });

  test("far from any change, lines are counted in place of being shown", () => {
    const before = Array.from({ length: 20 }, (_, index) => String(index)).join("\n");
    const folded = foldLines(compareLines(before, before.replace("\n10\n", "\nten\n")), 2);
    expect(folded[0]).toEqual({ skipped: 8 });
    expect(folded.at(-1)).toEqual({ skipped: 7 });
  });
});
