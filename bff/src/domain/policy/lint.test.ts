import { demoPolicy } from "@gasless/db/factories";
import { describe, expect, test } from "vitest";
import { SolanaPolicy } from "../../contract/policy.ts";
import { LINTS, lintPolicy, type LintContext } from "./lint.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

const OWN = "Fg6PaFpoGXkYsidMpWTK6W2BeZ7FEfcYkg476zPFsLnS";
const context: LintContext = { hasRentBudget: true };
const [MEMO] = MEMO_PROGRAMS;

/** A policy that no lint has anything against. */
const GOOD: SolanaPolicy = {
  allow: [
    { program: MEMO, instruction: "memo" },
    { program: SYSTEM_PROGRAM, instruction: "transfer", sessionWalletIs: ["source"] },
    { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitLimit" },
    { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitPrice" },
  ],
  walletAssertions: true,
  maxSignatures: 3,
  maxFee: "25000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "50000",
};
const allowing = (entry: SolanaPolicy["allow"][number]): SolanaPolicy => ({ ...GOOD, allow: [...GOOD.allow, entry] });
const own = (...instructions: readonly { name: string; discriminator: string }[]): SolanaPolicy => ({
  ...GOOD,
  programs: [
    {
      address: OWN,
      name: "Game",
      instructions: instructions.map((instruction) => ({ ...instruction, arguments: [], accounts: ["player"] })),
    },
  ],
});
const PAYER = { program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" };
const FUNDER = { program: SYSTEM_PROGRAM, role: "funder" };

/** Each lint: a policy that has its mistake, and where it is pointed at. */
const MISTAKES: readonly (readonly [lint: string, pointer: string, document: SolanaPolicy, context?: LintContext])[] = [
  [
    "program-is-built-in",
    "/programs/0",
    {
      ...own({ name: "play", discriminator: "01" }),
      programs: [
        {
          address: MEMO,
          name: "Memo",
          instructions: [{ name: "memo", discriminator: "00", arguments: [], accounts: [] }],
        },
      ],
    },
  ],
  [
    "discriminators-clash",
    "/programs/0/instructions/1/discriminator",
    own({ name: "play", discriminator: "01" }, { name: "win", discriminator: "0102" }),
  ],
  ["program-unknown", "/allow/4/program", allowing({ program: OWN, instruction: "play" })],
  ["instruction-unknown", "/allow/4/instruction", allowing({ program: SYSTEM_PROGRAM, instruction: "steal" })],
  [
    "account-unknown",
    "/allow/4",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", sessionWalletIs: ["destination"] }),
  ],
  [
    "account-unknown",
    "/allow/4",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", accounts: { nobody: { eq: OWN } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amont",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amont: { lte: "1" } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { startsWith: "1" } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { eq: "all" } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { eq: null } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { eq: true } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { gte: "2", lte: "1" } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/amount",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", arguments: { amount: { any: [{ not: { in: ["x"] } }] } } }),
  ],
  [
    "predicate-unfit",
    "/allow/4/arguments/addresses",
    allowing({
      program: ADDRESS_LOOKUP_TABLE_PROGRAM,
      instruction: "extendLookupTable",
      arguments: { addresses: { not: { in: [OWN] } } },
    }),
  ],
  [
    "predicate-unfit",
    "/allow/4/accounts/mint",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", accounts: { mint: { lt: "5" } } }),
  ],
  ["entry-without-effect", "/allow/4", allowing({ program: MEMO, instruction: "memo" })],
  [
    "entry-without-effect",
    "/allow/4",
    allowing({ program: MEMO, instruction: "memo", arguments: { memo: { startsWith: "gm" } } }),
  ],
  ["transfer-of-anybody", "/allow/4", allowing({ program: TOKEN_PROGRAM, instruction: "transferChecked" })],
  ["nothing-allowed", "/allow", { ...GOOD, allow: [] }],
  ["compute-budget-missing", "/allow", { ...GOOD, allow: GOOD.allow.slice(0, 3) }],
  [
    "condition-empty",
    "/allow/4/sessionWalletIs",
    allowing({ program: TOKEN_PROGRAM, instruction: "burn", sessionWalletIs: [] }),
  ],
  ["sponsor-role-unknown", "/sponsorRoles/0", { ...GOOD, sponsorRoles: [{ program: MEMO, role: "payer" }] }],
  ["rent-role-without-rent", "/sponsorRoles", { ...GOOD, sponsorRoles: [PAYER] }],
  ["rent-without-budget", "/maxRent", { ...GOOD, sponsorRoles: [PAYER], maxRent: "2039280" }, { hasRentBudget: false }],
  [
    "rent-can-be-farmed",
    "/allow/4",
    { ...allowing({ program: TOKEN_PROGRAM, instruction: "closeAccount" }), sponsorRoles: [PAYER], maxRent: "2039280" },
  ],
  ["funder-is-a-gift", "/sponsorRoles/0", { ...GOOD, sponsorRoles: [FUNDER], maxRent: "2039280" }],
  ["fee-is-dear", "/maxFee", { ...GOOD, maxFee: "1000001" }],
  ["fee-too-low", "/maxFee", { ...GOOD, maxFee: "9999" }],
  ["signatures-too-few", "/maxSignatures", { ...GOOD, maxSignatures: 1 }],
  ["any-lookup-table", "/lookupTables", { ...GOOD, lookupTables: true }],
  ["unlisted-programs-run", "/unlistedPrograms", { ...GOOD, unlistedPrograms: true }],
  ["wallet-assertions-refused", "/walletAssertions", { ...GOOD, walletAssertions: undefined }],
];

const CASES = MISTAKES.map(([lint, pointer, document, given = context]) => ({ lint, pointer, document, given }));

test("a good policy is left in peace", () => {
  expect(SolanaPolicy.safeParse(GOOD).success).toBe(true);
  expect(lintPolicy(GOOD, context)).toEqual([]);
});

test("the demo project's policy has no error, and leaves nothing of its own demands out", () => {
  const demo = SolanaPolicy.parse(demoPolicy);
  expect(lintPolicy(demo, context).map(({ lint }) => lint)).toEqual(["wallet-assertions-refused"]);
});

test("every lint has a mistake here that shows it", () => {
  const shown = new Set(MISTAKES.map(([lint]) => lint));
  expect(LINTS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  expect(new Set(LINTS.map(({ name }) => name)).size).toBe(LINTS.length);
});

describe("a mistake is found where it is, and its fix mends it", () => {
  test.each(CASES)("$lint at $pointer", ({ lint, pointer, document, given }) => {
    const found = lintPolicy(document, given).filter((finding) => finding.lint === lint);
    expect(found.map((finding) => finding.pointer)).toContain(pointer);
    for (const { message, fix } of found)
      expect([message, fix.description].every((text) => text.length > 10)).toBe(true);
    const mended = found.reduce((draft, { fix }) => fix.apply(draft), document);
    expect(SolanaPolicy.safeParse(mended).success).toBe(true);
    expect(lintPolicy(mended, given).filter((finding) => finding.lint === lint)).toEqual([]);
  });

  test.each(CASES)("$lint at $pointer: all fixes together leave no error", ({ document, given }) => {
    const mended = lintPolicy(document, given).reduce((draft, { fix }) => fix.apply(draft), document);
    expect(lintPolicy(mended, given).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

test("errors come before warnings", () => {
  const document = { ...allowing({ program: OWN, instruction: "play" }), lookupTables: true };
  expect(lintPolicy(document, context).map(({ severity }) => severity)).toEqual(["error", "warning"]);
});

test("no fix allows more than before, but for what wallets add by themselves", () => {
  const harmless = new Set([
    "wallet-assertions-refused",
    "compute-budget-missing",
    "nothing-allowed",
    "fee-too-low",
    "signatures-too-few",
    "condition-empty",
  ]);
  for (const { lint, document, given } of CASES) {
    if (harmless.has(lint)) continue;
    const found = lintPolicy(document, given).filter((finding) => finding.lint === lint);
    const mended = found.reduce((draft, { fix }) => fix.apply(draft), document);
    expect(mended.allow.length).toBeLessThanOrEqual(document.allow.length);
    expect((mended.sponsorRoles ?? []).length).toBeLessThanOrEqual((document.sponsorRoles ?? []).length);
    expect(BigInt(mended.maxFee)).toBeLessThanOrEqual(BigInt(document.maxFee));
  }
});
