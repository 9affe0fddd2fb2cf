import { describe, expect, test } from "vitest";
import { FRIEND } from "../../../../../test/support/algorand-groups.ts";
import { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import type { LintContext } from "../../../../domain/policy/lint.ts";
import { ALGORAND_LINTS, lintAlgorandPolicy } from "./lint.ts";

const context: LintContext = { hasRentBudget: true };
type Entry = AlgorandPolicy["allow"][number];

/** A policy that no lint has anything against. */
const GOOD: AlgorandPolicy = {
  allow: [
    { transaction: "payment", arguments: { receiver: { eq: FRIEND.address } } },
    { transaction: "asset-opt-in", arguments: { asset: { eq: "1001" } } },
    { transaction: "asset-transfer", arguments: { asset: { eq: "1001" } } },
    {
      transaction: "application-call",
      application: "7",
      methods: ["add(uint64,uint64)uint64"],
      onComplete: ["no-op", "opt-in"],
    },
  ],
  maxFee: "16000",
  minimumBalance: { account: true, assets: ["1001"] },
  maxRent: "200000",
};
const allowing = (...entries: readonly Entry[]): AlgorandPolicy => ({ ...GOOD, allow: [...GOOD.allow, ...entries] });
const call = (changes: Partial<Extract<Entry, { transaction: "application-call" }>>): AlgorandPolicy =>
  allowing({
    transaction: "application-call",
    application: "8",
    methods: ["add(uint64,bool,string,address)void"],
    ...changes,
  });
const without = (name: keyof AlgorandPolicy): AlgorandPolicy => {
  const { [name]: _gone, ...rest } = GOOD;
  return rest as AlgorandPolicy;
};
const unfit = (name: string, predicate: object): AlgorandPolicy =>
  allowing({ transaction: "payment", arguments: { receiver: { eq: "A" }, [name]: predicate } });

/** Each lint: a policy that has its mistake, and where it is pointed at. */
const MISTAKES: readonly (readonly [lint: string, pointer: string, document: AlgorandPolicy, context?: LintContext])[] =
  [
    ["nothing-allowed", "/allow", { allow: [], maxFee: "2000" }],
    ["call-of-nothing", "/allow/4", allowing({ transaction: "application-call", application: "8" })],
    ["call-of-nothing", "/allow/4", allowing({ transaction: "application-call", application: "8", bare: false })],
    ["method-type-unknown", "/allow/4/methods/1", call({ methods: ["go()void", "add(unt64)void"] })],
    ["method-type-unknown", "/allow/4/methods/0", call({ methods: ["add(uint64)unt64"] })],
    ["predicate-unfit", "/allow/4/arguments/amount", unfit("amount", { startsWith: "1" })],
    ["predicate-unfit", "/allow/4/arguments/amount", unfit("amount", { eq: "all" })],
    ["predicate-unfit", "/allow/4/arguments/amount", unfit("amount", { gte: "2", lte: "1" })],
    ["predicate-unfit", "/allow/4/arguments/receiver", unfit("receiver", { eq: null })],
    ["predicate-unfit", "/allow/4/arguments/receiver", unfit("receiver", { any: [{ lt: "5" }] })],
    ["predicate-unfit", "/allow/4/arguments/note", unfit("note", { eq: true })],
    ["predicate-unfit", "/allow/4/arguments/argument1", call({ arguments: { argument1: { startsWith: "0" } } })],
    ["predicate-unfit", "/allow/4/arguments/argument2", call({ arguments: { argument2: { eq: "yes" } } })],
    ["predicate-unfit", "/allow/4/arguments/argument3", call({ arguments: { argument3: { lt: "5" } } })],
    ["predicate-unfit", "/allow/4/arguments/argument4", call({ arguments: { argument4: { gt: "5" } } })],
    ["predicate-unfit", "/allow/4/arguments/argument5", call({ arguments: { argument5: { eq: "00" } } })],
    ["predicate-unfit", "/allow/4/arguments/argument0", call({ arguments: { argument0: { eq: null } } })],
    [
      "predicate-unfit",
      "/allow/4/arguments/argument0",
      allowing({
        transaction: "application-call",
        application: "8",
        bare: true,
        arguments: { argument0: { eq: "00" } },
      }),
    ],
    [
      "entry-without-effect",
      "/allow/4",
      allowing({ transaction: "asset-opt-in", arguments: { asset: { eq: "1001" } } }),
    ],
    ["entry-without-effect", "/allow/1", allowing({ transaction: "asset-opt-in" })],
    [
      "entry-without-effect",
      "/allow/4",
      allowing({ transaction: "application-call", application: "7", methods: ["add(uint64,uint64)uint64"] }),
    ],
    ["payment-of-anything", "/allow/4", allowing({ transaction: "payment", arguments: { note: { eq: "" } } })],
    ["sender-is-anybody", "/allow/4/anySender", allowing({ transaction: "asset-opt-out", anySender: true })],
    [
      "balance-is-closed",
      "/allow/4/allowClose",
      allowing({ transaction: "payment", allowClose: true, arguments: { amount: { eq: "0" } } }),
    ],
    ["balance-is-closed", "/allow/4/allowClose", allowing({ transaction: "asset-transfer", allowClose: true })],
    ["account-is-rekeyed", "/allow/4/allowRekey", allowing({ transaction: "asset-opt-out", allowRekey: true })],
    ["application-is-deleted", "/allow/4/onComplete", call({ onComplete: ["no-op", "delete-application"] })],
    ["application-is-deleted", "/allow/4/onComplete", call({ onComplete: ["delete-application"] })],
    ["fee-too-low", "/maxFee", { ...GOOD, maxFee: "1999" }],
    ["fee-is-dear", "/maxFee", { ...GOOD, maxFee: "272001" }],
    ["minimum-balance-without-rent", "/minimumBalance", without("maxRent")],
    ["minimum-balance-without-rent", "/minimumBalance", { ...GOOD, maxRent: "0" }],
    ["rent-without-minimum-balance", "/maxRent", without("minimumBalance")],
    ["minimum-balance-without-opt-in", "/minimumBalance", { ...GOOD, allow: GOOD.allow.toSpliced(1, 1) }],
    ["rent-without-budget", "/maxRent", GOOD, { hasRentBudget: false }],
    ["any-asset-is-paid-for", "/minimumBalance/assets", { ...GOOD, minimumBalance: { account: true, assets: true } }],
    ["rent-too-low", "/maxRent", { ...GOOD, maxRent: "199999" }],
    ["rent-too-low", "/maxRent", { ...GOOD, minimumBalance: { assets: ["1001"] }, maxRent: "99999" }],
    ["rent-can-be-taken-out", "/allow/4", allowing({ transaction: "asset-opt-out" })],
  ];

const CASES = MISTAKES.map(([lint, pointer, document, given = context]) => ({ lint, pointer, document, given }));

test("a good policy is left in peace", () => {
  expect(AlgorandPolicy.safeParse(GOOD).success).toBe(true);
  expect(lintAlgorandPolicy(GOOD, context)).toEqual([]);
});

test("conditions take the sting out of what would be told otherwise", () => {
  const closing = { allowClose: true, allowRekey: true, anySender: true } as const;
  const bound = {
    receiver: { eq: FRIEND.address },
    sender: { eq: FRIEND.address },
    closeRemainderTo: { eq: FRIEND.address },
    rekeyTo: { eq: null },
  };
  const lints = (document: AlgorandPolicy) => lintAlgorandPolicy(document, context).map(({ lint }) => lint);
  expect(lints(allowing({ transaction: "payment", ...closing, arguments: bound }))).toEqual([]);
  expect(lints(allowing({ transaction: "payment", arguments: { amount: { eq: "0" } } }))).toEqual([]);
  expect(lints({ ...without("minimumBalance"), allow: [{ transaction: "asset-opt-out" }], maxRent: "0" })).toEqual([
    "rent-without-minimum-balance",
  ]);
});

test("an entry that is wider in one thing and narrower in another is left beside the other", () => {
  const pairs: readonly (readonly [Entry, Entry])[] = [
    [
      { transaction: "asset-opt-in", anySender: true, arguments: { asset: { eq: "5" } } },
      { transaction: "asset-opt-in" },
    ],
    [
      { transaction: "application-call", application: "8", bare: true },
      { transaction: "application-call", application: "8", methods: ["go()void"] },
    ],
    [
      { transaction: "application-call", application: "8", bare: true },
      { transaction: "application-call", application: "9", bare: true },
    ],
    [
      { transaction: "application-call", application: "8", bare: true, onComplete: ["opt-in"] },
      { transaction: "application-call", application: "8", bare: true, onComplete: ["close-out"] },
    ],
  ];
  for (const allow of pairs) {
    const found = lintAlgorandPolicy({ allow: [...allow], maxFee: "2000" }, context);
    expect(found.map(({ lint }) => lint)).not.toContain("entry-without-effect");
  }
});

test("every lint has a mistake here that shows it", () => {
  const shown = new Set(MISTAKES.map(([lint]) => lint));
  expect(ALGORAND_LINTS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  expect(new Set(ALGORAND_LINTS.map(({ name }) => name)).size).toBe(ALGORAND_LINTS.length);
});

describe("a mistake is found where it is, and its fix mends it", () => {
  test.each(CASES)("$lint at $pointer", ({ lint, pointer, document, given }) => {
    expect(AlgorandPolicy.safeParse(document).error).toBeUndefined();
    const found = lintAlgorandPolicy(document, given).filter((finding) => finding.lint === lint);
    expect(found.map((finding) => finding.pointer)).toContain(pointer);
    for (const { message, fix } of found)
      expect([message, fix.description].every((text) => text.length > 10)).toBe(true);
    const mended = found.reduce((draft, { fix }) => fix.apply(draft), document);
    expect(AlgorandPolicy.safeParse(mended).success).toBe(true);
    expect(lintAlgorandPolicy(mended, given).filter((finding) => finding.lint === lint)).toEqual([]);
  });

  test.each(CASES)("$lint at $pointer: all fixes together leave no error", ({ document, given }) => {
    const mended = lintAlgorandPolicy(document, given).reduce((draft, { fix }) => fix.apply(draft), document);
    expect(lintAlgorandPolicy(mended, given).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

test("errors come before warnings", () => {
  const document = allowing({ transaction: "asset-opt-out" }, { transaction: "application-call", application: "8" });
  expect(lintAlgorandPolicy(document, context).map(({ severity }) => severity)).toEqual(["error", "warning"]);
});

test("no fix allows more than before, but to raise what is too low for anything", () => {
  const raising = new Set(["nothing-allowed", "fee-too-low", "rent-too-low"]);
  for (const { lint, document, given } of CASES) {
    if (raising.has(lint)) continue;
    const found = lintAlgorandPolicy(document, given).filter((finding) => finding.lint === lint);
    const mended = found.reduce((draft, { fix }) => fix.apply(draft), document);
    expect(mended.allow.length).toBeLessThanOrEqual(document.allow.length);
    expect(BigInt(mended.maxFee)).toBeLessThanOrEqual(BigInt(document.maxFee));
    expect(BigInt(mended.maxRent ?? "0")).toBeLessThanOrEqual(BigInt(document.maxRent ?? "0"));
    for (const flag of ["anySender", "allowClose", "allowRekey", "bare"]) {
      const count = ({ allow }: AlgorandPolicy) =>
        allow.filter((entry) => (entry as Record<string, unknown>)[flag] === true).length;
      expect(count(mended), `${lint} ${flag}`).toBeLessThanOrEqual(count(document));
    }
  }
});
