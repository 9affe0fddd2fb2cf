import { describe, expect, test } from "vitest";
import { ALLOWS_EVERYTHING } from "../../test/support/policies.ts";
import { addressOf } from "../../test/support/wire.ts";
import { SolanaPolicy } from "./policy.ts";

const PROGRAM = addressOf(30);
const MINIMAL = {
  allow: [{ program: PROGRAM, instruction: "transfer" }],
  maxSignatures: 2,
  maxFee: "10000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "1000",
};
const OWN = {
  address: PROGRAM,
  name: "My game",
  instructions: [
    {
      name: "play",
      discriminator: "00ff",
      arguments: [{ name: "amount", type: "u64" }],
      accounts: ["player"],
    },
  ],
};
const FULL = {
  ...MINIMAL,
  allow: [
    {
      program: PROGRAM,
      instruction: "transfer",
      sessionWalletIs: ["source"],
      accounts: { destination: { in: [PROGRAM, addressOf(31)] } },
      arguments: { amount: { gt: "0", lte: "1000" }, memo: { any: [{ eq: null }, { startsWith: "order" }] } },
    },
  ],
  programs: [{ ...OWN, instructions: [{ ...OWN.instructions[0], moreAccounts: true }] }],
  sponsorRoles: [{ program: PROGRAM, role: "payer" }],
  unlistedPrograms: true,
  walletAssertions: false,
  lookupTables: [PROGRAM],
  maxRent: "2039280",
};

/** Where a document is wrong; empty: nowhere. */
const issuesOf = (document: unknown): string[] => {
  const { error } = SolanaPolicy.safeParse(document);
  return error ? [...new Set(error.issues.map(({ path }) => `/${path.join("/")}`))] : [];
};
const withArgument = (predicate: unknown) => ({
  ...MINIMAL,
  allow: [{ program: PROGRAM, instruction: "transfer", arguments: { amount: predicate } }],
});
const withOwn = (instruction: object) => ({
  ...MINIMAL,
  programs: [{ ...OWN, instructions: [{ ...OWN.instructions[0], ...instruction }] }],
});
/** A predicate inside as many others. */
const nested = (depth: number, operator: "all" | "any" | "not"): unknown => {
  if (depth === 0) return { eq: "1" };
  const inner = nested(depth - 1, operator);
  return { [operator]: operator === "not" ? inner : [inner] };
};

describe("a policy is taken", () => {
  test.each<[string, unknown]>([
    ["with what every policy has", MINIMAL],
    ["with everything that one can have", FULL],
    ["that allows nothing", { ...MINIMAL, allow: [] }],
    ["that allows everything that is known", ALLOWS_EVERYTHING],
    ["that takes any lookup table", { ...MINIMAL, lookupTables: true }],
    ["that takes none", { ...MINIMAL, lookupTables: false }],
    ["with bounds of zero", { ...MINIMAL, maxFee: "0", maxComputeUnits: 0, maxComputeUnitPrice: "0", maxRent: "0" }],
    ["with the largest bounds", { ...MINIMAL, maxSignatures: 12, maxComputeUnits: 1_400_000 }],
  ])("%s, and is read as it was written", (_, document) => {
    expect(SolanaPolicy.safeParse(document)).toEqual({ success: true, data: document });
  });

  test.each([
    { eq: "1" },
    { eq: true },
    { eq: null },
    { in: ["1", null, false] },
    { lt: "1" },
    { lte: "-170141183460469231731687303715884105728" },
    { gt: "340282366920938463463374607431768211455" },
    { gte: "007" },
    { startsWith: "dead" },
    { all: [{ gt: "1" }] },
    { any: [{ gt: "1" }, { eq: "0" }] },
    { not: { eq: "1" } },
    { gt: "1", lt: "9", not: { eq: "5" } },
    nested(3, "all"),
    nested(3, "any"),
    nested(3, "not"),
  ])("with the predicate %j", (predicate) => {
    expect(issuesOf(withArgument(predicate))).toEqual([]);
  });
});

describe("a predicate is refused", () => {
  test.each<[string, unknown]>([
    ["without any operator: it would allow everything", {}],
    ["with an operator that there is not", { equals: "1" }],
    ["with an operator that there is not beside one that there is", { lte: "1", maximum: "5" }],
    ["that is a value", "1"],
    ["that is nothing", null],
    ["that is a list", [{ eq: "1" }]],
    ["with a number, which JSON may have rounded", { eq: 1 }],
    ["with a bound that is a number", { lte: 1 }],
    ["with a bound that is no whole number", { lte: "1.5" }],
    ["with a bound in hexadecimal", { lte: "0x10" }],
    ["with a bound in scientific writing", { lte: "1e9" }],
    ["with an empty bound", { lte: "" }],
    ["with a bound that is only a sign", { lte: "-" }],
    ["with a bound that has a plus sign", { lte: "+1" }],
    ["with a bound that has a space", { lte: " 1" }],
    ["with a bound that has a line break behind it", { lte: "1\n" }],
    ["with digits of another script", { lte: "١" }],
    ["with a bound longer than any integer", { lte: "1".repeat(40) }],
    ["with an empty list, which nothing is in", { in: [] }],
    ["with a list in a list", { in: [["1"]] }],
    ["with an empty beginning, with which everything starts", { startsWith: "" }],
    ["with an empty all, which everything is", { all: [] }],
    ["with an empty any", { any: [] }],
    ["with an all that is no list", { all: { eq: "1" } }],
    ["with a not that is a list", { not: [{ eq: "1" }] }],
    ["with an empty predicate inside", { any: [{ eq: "1" }, {}] }],
    ["with an unknown operator inside", { not: { is: "1" } }],
    ["with a list too long", { in: Array.from({ length: 201 }, String) }],
    ["with too many inside", { any: Array.from({ length: 21 }, () => ({ eq: "1" })) }],
    ["with a text too long", { eq: "x".repeat(2_001) }],
    ["nested too deep, in all", nested(4, "all")],
    ["nested too deep, in any", nested(4, "any")],
    ["nested too deep, in not", nested(4, "not")],
    ["nested deeper than any stack", nested(2_000, "not")],
  ])("%s", (_, predicate) => {
    const pointers = issuesOf(withArgument(predicate));
    expect(pointers).not.toEqual([]);
    expect(pointers.filter((pointer) => !pointer.startsWith("/allow/0/arguments/amount"))).toEqual([]);
  });
});

describe("everything in a policy has an end: as much as this is taken, and one more is not", () => {
  const [entry] = MINIMAL.allow;
  const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
  const withEntry = (part: object) => ({ ...MINIMAL, allow: [{ ...entry, ...part }] });
  test.each<[string, number, (count: number) => unknown]>([
    ["letters of a name", 64, (count) => withEntry({ instruction: "a".repeat(count) })],
    ["entries", 200, (count) => ({ ...MINIMAL, allow: times(count, entry) })],
    ["roles of the session's wallet", 8, (count) => withEntry({ sessionWalletIs: times(count, "source") })],
    ["values of a list", 200, (count) => withArgument({ in: times(count, "1") })],
    ["letters of a value", 2_000, (count) => withArgument({ eq: "x".repeat(count) })],
    ["letters of a beginning", 2_000, (count) => withArgument({ startsWith: "x".repeat(count) })],
    ["digits of a bound", 39, (count) => withArgument({ lte: "1".repeat(count) })],
    ["predicates of an all", 20, (count) => withArgument({ all: times(count, { eq: "1" }) })],
    ["predicates of an any", 20, (count) => withArgument({ any: times(count, { eq: "1" }) })],
    ["levels of predicates", 3, (count) => withArgument(nested(count, "not"))],
    ["programs", 50, (count) => ({ ...MINIMAL, programs: times(count, OWN) })],
    ["letters of a program's name", 64, (count) => ({ ...MINIMAL, programs: [{ ...OWN, name: "a".repeat(count) }] })],
    [
      "instructions of a program",
      100,
      (count) => ({ ...MINIMAL, programs: [{ ...OWN, instructions: times(count, OWN.instructions[0]) }] }),
    ],
    ["bytes of a discriminator", 32, (count) => withOwn({ discriminator: "00".repeat(count) })],
    ["arguments", 32, (count) => withOwn({ arguments: times(count, { name: "a", type: "u8" }) })],
    ["accounts", 64, (count) => withOwn({ accounts: times(count, "a") })],
    ["roles of the sponsor", 20, (count) => ({ ...MINIMAL, sponsorRoles: times(count, FULL.sponsorRoles[0]) })],
    ["lookup tables", 50, (count) => ({ ...MINIMAL, lookupTables: times(count, PROGRAM) })],
    ["signatures", 12, (count) => ({ ...MINIMAL, maxSignatures: count })],
    ["compute units", 1_400_000, (count) => ({ ...MINIMAL, maxComputeUnits: count })],
    ["digits of an amount", 78, (count) => ({ ...MINIMAL, maxFee: "1".repeat(count) })],
  ])("%s: %i", (_, most, make) => {
    expect(issuesOf(make(most))).toEqual([]);
    expect(issuesOf(make(most + 1))).not.toEqual([]);
    expect(issuesOf(make(1))).toEqual([]);
  });
});

describe("a policy is refused, at its place", () => {
  const entry = MINIMAL.allow[0];
  test.each<[string, unknown, string]>([
    ["that is nothing", null, "/"],
    ["that is a list", [], "/"],
    ["with a field that there is not: it might have been meant to forbid", { ...MINIMAL, deny: [] }, "/"],
    ["without its allowlist", { ...MINIMAL, allow: undefined }, "/allow"],
    ["with an entry too many", { ...MINIMAL, allow: Array.from({ length: 201 }, () => entry) }, "/allow"],
    ["with an entry that has a field that there is not", { ...MINIMAL, allow: [{ ...entry, where: {} }] }, "/allow/0"],
    ["with an entry without an instruction", { ...MINIMAL, allow: [{ program: PROGRAM }] }, "/allow/0/instruction"],
    ["with an entry for any program", { ...MINIMAL, allow: [{ ...entry, program: "*" }] }, "/allow/0/program"],
    [
      "with an address that is too long",
      { ...MINIMAL, allow: [{ ...entry, program: "1".repeat(45) }] },
      "/allow/0/program",
    ],
    [
      "with an entry for any instruction",
      { ...MINIMAL, allow: [{ ...entry, instruction: "*" }] },
      "/allow/0/instruction",
    ],
    [
      "with a role that is no name",
      { ...MINIMAL, allow: [{ ...entry, sessionWalletIs: ["so urce"] }] },
      "/allow/0/sessionWalletIs/0",
    ],
    [
      "with an argument that is no name",
      { ...MINIMAL, allow: [{ ...entry, arguments: { "amount ": { eq: "1" } } }] },
      "/allow/0/arguments/amount ",
    ],
    [
      "with a role of any program",
      { ...MINIMAL, sponsorRoles: [{ program: "*", role: "payer" }] },
      "/sponsorRoles/0/program",
    ],
    ["with a role without a program", { ...MINIMAL, sponsorRoles: [{ role: "payer" }] }, "/sponsorRoles/0/program"],
    ["with a role by its name alone", { ...MINIMAL, sponsorRoles: ["payer"] }, "/sponsorRoles/0"],
    ["with yes for a switch", { ...MINIMAL, unlistedPrograms: "yes" }, "/unlistedPrograms"],
    ["with 1 for a switch", { ...MINIMAL, walletAssertions: 1 }, "/walletAssertions"],
    ["with one table that is no list", { ...MINIMAL, lookupTables: PROGRAM }, "/lookupTables"],
    ["with a table that is no address", { ...MINIMAL, lookupTables: ["all"] }, "/lookupTables/0"],
    ["with no signature", { ...MINIMAL, maxSignatures: 0 }, "/maxSignatures"],
    ["with more signatures than fit", { ...MINIMAL, maxSignatures: 13 }, "/maxSignatures"],
    ["with half a signature", { ...MINIMAL, maxSignatures: 1.5 }, "/maxSignatures"],
    ["with a fee that is a number", { ...MINIMAL, maxFee: 10_000 }, "/maxFee"],
    ["with a fee below nothing", { ...MINIMAL, maxFee: "-1" }, "/maxFee"],
    ["with an endless fee", { ...MINIMAL, maxFee: "Infinity" }, "/maxFee"],
    ["with more compute units than there are", { ...MINIMAL, maxComputeUnits: 1_400_001 }, "/maxComputeUnits"],
    ["with compute units that are no number", { ...MINIMAL, maxComputeUnits: Number.NaN }, "/maxComputeUnits"],
    ["with a part of a micro-lamport", { ...MINIMAL, maxComputeUnitPrice: "0.5" }, "/maxComputeUnitPrice"],
    ["with rent that is a number", { ...MINIMAL, maxRent: 1 }, "/maxRent"],
    ["without a bound of the fee", { ...MINIMAL, maxFee: undefined }, "/maxFee"],
    ["without a bound of the signatures", { ...MINIMAL, maxSignatures: undefined }, "/maxSignatures"],
  ])("%s", (_, document, pointer) => {
    expect(issuesOf(document)).toEqual([pointer]);
  });
});

describe("a program of the policy's own is refused", () => {
  const at = "/programs/0/instructions/0";
  test.each<[string, object, string]>([
    ["without a discriminator: every instruction would be this one", { discriminator: "" }, `${at}/discriminator`],
    ["with half a byte", { discriminator: "0" }, `${at}/discriminator`],
    ["with capital letters", { discriminator: "FF" }, `${at}/discriminator`],
    ["with a discriminator of more than 32 bytes", { discriminator: "00".repeat(33) }, `${at}/discriminator`],
    ["with a type that there is not", { arguments: [{ name: "a", type: "u256" }] }, `${at}/arguments/0/type`],
    [
      "with a type of our tables alone",
      { arguments: [{ name: "a", type: "metadataField" }] },
      `${at}/arguments/0/type`,
    ],
    ["with an argument without a name", { arguments: [{ type: "u8" }] }, `${at}/arguments/0/name`],
    ["with an account that is no name", { accounts: ["a b"] }, `${at}/accounts/0`],
    ["with accounts too many", { accounts: Array.from({ length: 65 }, (__, index) => `a${index}`) }, `${at}/accounts`],
    ["with a field that there is not", { signers: ["player"] }, at],
  ])("%s", (_, instruction, pointer) => {
    expect(issuesOf(withOwn(instruction))).toEqual([pointer]);
  });

  test.each<[string, unknown, string]>([
    ["without an instruction", { ...OWN, instructions: [] }, "/programs/0/instructions"],
    ["without an address", { ...OWN, address: "" }, "/programs/0/address"],
    ["without a name", { ...OWN, name: "" }, "/programs/0/name"],
    ["with a field that there is not", { ...OWN, trusted: true }, "/programs/0"],
  ])("%s", (_, program, pointer) => {
    expect(issuesOf({ ...MINIMAL, programs: [program] })).toEqual([pointer]);
  });
});
