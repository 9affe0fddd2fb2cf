import { describe, expect, test } from "vitest";
import {
  APPLICATION,
  ASSET,
  calls,
  FRIEND,
  type GroupSketch,
  groupInput,
  movesAsset,
  optsIn,
  optsOut,
  pays,
  STRANGER,
  USER,
} from "../../../../../../test/support/algorand-groups.ts";
import type { AlgorandPolicy } from "../../../../../contract/algorand-policy.ts";
import { compileAlgorandPolicy } from "../../policy/compile.ts";
import { parseMethod } from "../../policy/abi.ts";
import { transactionsAreAllowed } from "./transactions-are-allowed.ts";

type Entry = AlgorandPolicy["allow"][number];
type Fields = GroupSketch["user"][number];

const findings = (allow: readonly Entry[], ...user: readonly Fields[]) =>
  transactionsAreAllowed.check(groupInput({ user }, { allow: [...allow] }));
/** "pass", or the code of what is said against the one transaction. */
function verdictOn(allow: readonly Entry[], transaction: Fields): string {
  const [finding] = findings(allow, transaction);
  return finding?.verdict === "fail" ? finding.refusal.code : (finding?.verdict ?? "nothing");
}

const selector = (text: string): Uint8Array => Uint8Array.from(Buffer.from(parseMethod(text).selector, "hex"));
const call = (text: string, ...args: readonly Uint8Array[]): Fields => calls({ apaa: [selector(text), ...args] });
const uint64 = (value: number): Uint8Array => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, value]);

describe("each kind of transaction is allowed by an entry of its kind and by no other", () => {
  const made = {
    payment: pays(),
    "asset-transfer": movesAsset(),
    "asset-opt-in": optsIn(),
    "asset-opt-out": optsOut(),
  };
  const kinds = Object.keys(made) as (keyof typeof made)[];

  test.each(kinds)("%s", (transaction) => {
    for (const kind of kinds) {
      const expected = kind === transaction ? "pass" : "policy.instruction_not_allowed";
      expect(verdictOn([{ transaction: kind }], made[transaction])).toBe(expected);
    }
  });

  test("a transfer of nothing to somebody else is a transfer, and so is one to oneself of something", () => {
    expect(verdictOn([{ transaction: "asset-transfer" }], movesAsset({ aamt: undefined }))).toBe("pass");
    expect(verdictOn([{ transaction: "asset-transfer" }], movesAsset({ arcv: USER.publicKey }))).toBe("pass");
    expect(verdictOn([{ transaction: "asset-opt-in" }], movesAsset({ aamt: undefined }))).not.toBe("pass");
  });

  test("a transfer of something that closes the balance is no opt-out", () => {
    const closing = movesAsset({ aclose: FRIEND.publicKey });
    expect(verdictOn([{ transaction: "asset-opt-out" }], closing)).toBe("policy.instruction_not_allowed");
    expect(verdictOn([{ transaction: "asset-transfer" }], closing)).toBe("policy.argument_not_allowed");
    expect(verdictOn([{ transaction: "asset-transfer", allowClose: true }], closing)).toBe("pass");
  });
});

describe("what an entry does not allow by itself it allows by its switch alone", () => {
  const rekeyed = pays({ rekey: FRIEND.publicKey });
  const closed = pays({ close: FRIEND.publicKey });
  const foreign = pays({ snd: FRIEND.publicKey });

  test.each([
    ["allowRekey", rekeyed],
    ["allowClose", closed],
    ["anySender", foreign],
  ] as const)("%s", (flag, transaction) => {
    for (const other of ["allowRekey", "allowClose", "anySender"] as const) {
      const expected = other === flag ? "pass" : "policy.argument_not_allowed";
      expect(verdictOn([{ transaction: "payment", [other]: true }], transaction)).toBe(expected);
      expect(verdictOn([{ transaction: "payment", [other]: false }], transaction)).toBe("policy.argument_not_allowed");
    }
  });

  test("with a condition on where it goes", () => {
    const entry = {
      transaction: "payment",
      allowClose: true,
      allowRekey: true,
      arguments: { closeRemainderTo: { eq: FRIEND.address }, rekeyTo: { eq: null } },
    } as const;
    expect(verdictOn([entry], closed)).toBe("pass");
    expect(verdictOn([entry], pays({ close: STRANGER.publicKey }))).toBe("policy.argument_not_allowed");
    expect(verdictOn([entry], pays({ close: FRIEND.publicKey, rekey: FRIEND.publicKey }))).toBe(
      "policy.argument_not_allowed",
    );
  });

  test("a linked wallet of the user is a sender like the session's", () => {
    const input = groupInput({ user: [foreign] }, { allow: [{ transaction: "payment" }] });
    expect(transactionsAreAllowed.check({ ...input, linkedAddresses: [FRIEND.address] })).toEqual([
      { verdict: "pass", instruction: 1 },
    ]);
    expect(transactionsAreAllowed.check({ ...input, linkedAddresses: [STRANGER.address] })[0]?.verdict).toBe("fail");
  });
});

describe("conditions hold for what a transaction says", () => {
  test.each<[string, Entry, Fields, Fields]>([
    [
      "the receiver of a payment",
      { transaction: "payment", arguments: { receiver: { in: [FRIEND.address] } } },
      pays(),
      pays({ rcv: STRANGER.publicKey }),
    ],
    ["its amount", { transaction: "payment", arguments: { amount: { eq: "0" } } }, pays(), pays({ amt: 1n })],
    [
      "its note",
      { transaction: "payment", arguments: { note: { startsWith: "676d" } } },
      pays({ note: Buffer.from("gm!") }),
      pays({ note: Buffer.from("no") }),
    ],
    [
      "its sender",
      { transaction: "payment", anySender: true, arguments: { sender: { eq: FRIEND.address } } },
      pays({ snd: FRIEND.publicKey }),
      pays(),
    ],
    [
      "an asset",
      { transaction: "asset-opt-in", arguments: { asset: { eq: ASSET.toString() } } },
      optsIn(),
      optsIn({ xaid: 1n }),
    ],
    [
      "whom an asset goes to",
      { transaction: "asset-transfer", arguments: { receiver: { eq: FRIEND.address } } },
      movesAsset(),
      movesAsset({ arcv: STRANGER.publicKey }),
    ],
    [
      "whom the rest of an asset goes to",
      { transaction: "asset-opt-out", arguments: { closeTo: { eq: FRIEND.address } } },
      optsOut(),
      optsOut({ aclose: STRANGER.publicKey }),
    ],
    [
      "that a transfer closes nothing",
      { transaction: "asset-transfer", allowClose: true, arguments: { closeTo: { eq: null } } },
      movesAsset(),
      movesAsset({ aclose: FRIEND.publicKey }),
    ],
    [
      "the note of a bare call",
      { transaction: "application-call", application: "77", bare: true, arguments: { note: { eq: "" } } },
      calls(),
      calls({ note: Buffer.from("x") }),
    ],
  ])("%s", (_name, entry, fitting, other) => {
    expect(verdictOn([entry], fitting)).toBe("pass");
    expect(verdictOn([entry], other)).toBe("policy.argument_not_allowed");
  });

  test("a bound that is exceeded says so, with what was observed and what the limit is", () => {
    const [finding] = findings(
      [{ transaction: "asset-transfer", arguments: { amount: { lte: "5" } } }],
      movesAsset({ aamt: 6n }),
    );
    expect(finding).toMatchObject({
      verdict: "fail",
      observed: "6",
      limit: "5",
      instruction: 1,
      refusal: { code: "policy.value_exceeded", context: { observed: "6", limit: "5", instruction: 1 } },
    });
  });
});

describe("a call is allowed by its application, its method and what it does besides", () => {
  const entry = (changes: Partial<Extract<Entry, { transaction: "application-call" }>>): Entry => ({
    transaction: "application-call",
    application: APPLICATION.toString(),
    ...changes,
  });
  const ADD = "add(uint64,uint64)uint64";

  test("a method by its signature or its selector", () => {
    for (const method of [ADD, parseMethod(ADD).selector]) {
      expect(verdictOn([entry({ methods: [method] })], call(ADD, uint64(1), uint64(2)))).toBe("pass");
      expect(verdictOn([entry({ methods: [method] })], call("add(uint64)uint64", uint64(1)))).toBe(
        "policy.instruction_not_allowed",
      );
    }
  });

  test("a bare call only where `bare` says so, and a method never by that", () => {
    expect(verdictOn([entry({ bare: true })], calls())).toBe("pass");
    expect(verdictOn([entry({ bare: true })], call(ADD))).toBe("policy.instruction_not_allowed");
    expect(verdictOn([entry({ methods: [ADD] })], calls())).toBe("policy.instruction_not_allowed");
    expect(verdictOn([entry({})], calls())).toBe("policy.instruction_not_allowed");
  });

  test.each([
    ["opt-in", 1n],
    ["close-out", 2n],
    ["clear-state", 3n],
    ["delete-application", 5n],
  ] as const)("%s only where it is listed, and then nothing else", (onComplete, apan) => {
    const policy = [entry({ bare: true, onComplete: [onComplete] })];
    expect(verdictOn(policy, calls({ apan }))).toBe("pass");
    expect(verdictOn(policy, calls())).toBe("policy.instruction_not_allowed");
    expect(verdictOn([entry({ bare: true })], calls({ apan }))).toBe("policy.instruction_not_allowed");
  });

  test("new programs never, nor an update that brings none", () => {
    const open = [
      entry({ bare: true, onComplete: ["no-op", "opt-in", "close-out", "clear-state", "delete-application"] }),
    ];
    const programs = { apap: Uint8Array.of(1), apsu: Uint8Array.of(2) };
    for (const changes of [
      programs,
      { apap: Uint8Array.of(1) },
      { apan: 4n, ...programs },
      { apan: 4n },
      { apep: 1n },
    ]) {
      expect(verdictOn(open, calls(changes))).toBe("policy.instruction_not_allowed");
    }
  });

  test("arguments as the method's types read them", () => {
    const policy = [entry({ methods: [ADD], arguments: { argument1: { lte: "5" }, argument2: { gt: "1" } } })];
    expect(verdictOn(policy, call(ADD, uint64(5), uint64(2)))).toBe("pass");
    expect(verdictOn(policy, call(ADD, uint64(6), uint64(2)))).toBe("policy.value_exceeded");
    expect(verdictOn(policy, call(ADD, uint64(5), uint64(1)))).toBe("policy.value_exceeded");
    expect(verdictOn(policy, call(ADD, uint64(5)))).toBe("policy.argument_not_allowed");
    expect(verdictOn(policy, call(ADD, Uint8Array.of(5), uint64(2)))).toBe("policy.argument_not_allowed");
  });

  test("an argument that is not there, or not of its type, fits no condition, not even that it is another one", () => {
    const policy = [entry({ methods: [ADD], arguments: { argument2: { not: { eq: "7" } } } })];
    expect(verdictOn(policy, call(ADD, uint64(1), uint64(8)))).toBe("pass");
    expect(verdictOn(policy, call(ADD, uint64(1), uint64(7)))).toBe("policy.argument_not_allowed");
    expect(verdictOn(policy, call(ADD, uint64(1)))).toBe("policy.argument_not_allowed");
    expect(verdictOn(policy, call(ADD, uint64(1), Uint8Array.of(8)))).toBe("policy.argument_not_allowed");
  });

  test("arguments as bytes where only the selector is known", () => {
    const policy = [entry({ methods: [parseMethod(ADD).selector], arguments: { argument1: { startsWith: "0000" } } })];
    expect(verdictOn(policy, call(ADD, uint64(5)))).toBe("pass");
    expect(verdictOn(policy, call(ADD, Uint8Array.of(1, 0)))).toBe("policy.argument_not_allowed");
  });

  test("an entry that is about this very method is what is told, where another is about others", () => {
    const policy = [
      entry({ methods: ["go()void"] }),
      entry({ methods: [ADD], arguments: { argument1: { lte: "5" } } }),
    ];
    expect(verdictOn(policy, call(ADD, uint64(6)))).toBe("policy.value_exceeded");
    expect(verdictOn(policy, call("stop()void"))).toBe("policy.instruction_not_allowed");
    expect(verdictOn([...policy, entry({ methods: [ADD] })], call(ADD, uint64(6)))).toBe("pass");
  });
});

test("every transaction of the user has its own verdict, with its place in the group", () => {
  const all = findings([{ transaction: "payment" }], pays(), optsIn(), pays({ amt: 2n }));
  expect(all.map(({ verdict, instruction }) => [verdict, instruction])).toEqual([
    ["pass", 1],
    ["fail", 2],
    ["pass", 3],
  ]);
});

test("a policy that allows nothing refuses everything, and says what would allow it", () => {
  const hints = findings([], pays(), calls()).map(({ hint }) => hint);
  expect(hints).toEqual([
    'Add {"transaction": "payment"} to `allow` of the policy.',
    'Add {"transaction": "application-call", "application": "77", "methods": […]} to `allow` of the policy.',
  ]);
  expect(compileAlgorandPolicy({ allow: [], maxFee: "0" }).allowed.size).toBe(0);
});

describe("what is said against a transaction names what it is about:", () => {
  const told = (allow: readonly Entry[], transaction: Fields) => {
    const [finding] = findings(allow, transaction);
    return finding?.verdict === "fail" ? [finding.refusal.detail, finding.observed, finding.limit] : undefined;
  };
  const app = { transaction: "application-call", application: "77" } as const;

  test("the method that was called, or that there was none", () => {
    const what = "Transactions of the kind application-call are not sponsored with this method of the application.";
    const allow = [{ ...app, methods: ["go()void"] }];
    expect(told(allow, calls())).toEqual([what, "no method", undefined]);
    expect(told(allow, calls({ apaa: [new Uint8Array(3)] }))).toEqual([what, "no selector", undefined]);
    expect(told(allow, calls({ apaa: [Uint8Array.of(0, 1, 2, 255)] }))).toEqual([what, "000102ff", undefined]);
    expect(told([{ ...app, bare: true, onComplete: ["opt-in", "no-op"] }], calls({ apan: 2n }))).toEqual([
      "Transactions of the kind application-call are not sponsored with close-out.",
      "close-out",
      "opt-in, no-op",
    ]);
  });

  test("the argument that differs, or its bound", () => {
    const allow = (predicate: object): Entry[] => [{ transaction: "payment", arguments: { amount: predicate } }];
    expect(told(allow({ eq: "7" }), pays({ amt: 8n }))).toEqual([
      "Transactions of the kind payment are not sponsored with this amount.",
      "8",
      '{"eq":"7"}',
    ]);
    expect(told(allow({ lte: "7" }), pays({ amt: 8n }))).toEqual([
      "Transactions of the kind payment are sponsored only within the bounds of their amount.",
      "8",
      "7",
    ]);
    expect(told([{ ...app, methods: ["go()void"], arguments: { argument1: { eq: "00" } } }], call("go()void"))).toEqual(
      ["Transactions of the kind application-call are not sponsored with this argument1.", undefined, '{"eq":"00"}'],
    );
  });

  test("the kind that is never sponsored", () => {
    expect(told([], { ...pays({ rcv: undefined }), type: "keyreg" })?.[0]).toBe(
      "Transactions of the type keyreg are never sponsored.",
    );
    expect(told([], movesAsset({ asnd: FRIEND.publicKey }))).toEqual([
      "Transactions that claw an asset back are never sponsored.",
      FRIEND.address,
      undefined,
    ]);
    expect(told([], calls({ apid: undefined }))?.[0]).toBe(
      "Transactions that make or change an application are never sponsored.",
    );
  });

  test("a transfer of a single unit is a transfer", () => {
    expect(told([{ transaction: "asset-transfer" }], movesAsset({ aamt: 1n, arcv: USER.publicKey }))).toBeUndefined();
  });
});
