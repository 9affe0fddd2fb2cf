import * as algosdk from "algosdk";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_SEED } from "../../../../../test/fuzz/settings.ts";
import { createRandom } from "../../../../../test/simulation/random.ts";
import { drawGroup, drawTransaction } from "../../../../../test/support/algorand-draw.ts";
import {
  APPLICATION,
  calls,
  decodeSketch,
  FRIEND,
  type GroupSketch,
  movesAsset,
  optsIn,
  pays,
  sketchGroup,
  SPONSOR,
  sponsorPays,
  STRANGER,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import golden from "../../../../../../localnet/algorand/vectors/golden-transactions.json" with { type: "json" };
import arc14 from "../../../../../test/vectors/algorand/arc14_sigtx_example.json" with { type: "json" };
import { concatBytes } from "../../../../domain/bytes.ts";
import { ZERO_ADDRESS } from "../address.ts";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap, type MsgpackValue } from "../msgpack.ts";
import { writeTransaction } from "./compose-group.ts";
import { attachSponsorSignature, decodeGroup, readUserTransactions } from "./decode-group.ts";
import { groupIdOf } from "./transaction-id.ts";

const GROUPS = 60;
const MUTATIONS = 1_500;

const wireOf = (sketch: GroupSketch): Uint8Array => concatBytes(...sketchGroup(sketch));
const codeOf = (wire: Uint8Array): string => {
  const decoded = decodeGroup(wire);
  return decoded.ok ? "decoded" : decoded.reason.code;
};
const detailOf = (wire: Uint8Array): string | undefined => {
  const decoded = decodeGroup(wire);
  return decoded.ok ? undefined : decoded.reason.detail;
};

describe("what algosdk makes", () => {
  test("is decoded, with its ids, and written again byte for byte", () => {
    const random = createRandom(FUZZ_SEED);
    for (let run = 0; run < GROUPS; run++) {
      const transactions = drawGroup(random);
      const wires = transactions.map((transaction) => algosdk.encodeUnsignedTransaction(transaction));
      const decoded = decodeGroup(concatBytes(...wires));
      if (!decoded.ok) throw new Error(`${FUZZ_SEED}, run ${run}: ${decoded.reason.detail}`);
      const { groupId, entries } = decoded.value;
      expect(entries.map(({ id }) => id)).toEqual(transactions.map((transaction) => transaction.txID()));
      expect(groupId).toEqual(transactions[0]?.group);
      expect(entries.map(({ bytes }) => bytes)).toEqual(wires.map((wire) => Uint8Array.from(wire)));
      expect(entries.map(({ fields }) => writeTransaction(fields))).toEqual(wires.map((wire) => Uint8Array.from(wire)));
    }
  });

  test("says what algosdk says that it says", () => {
    const random = createRandom(FUZZ_SEED + 1);
    for (let run = 0; run < GROUPS; run++) {
      const drawn = drawTransaction(random);
      const read = readUserTransactions([algosdk.encodeUnsignedTransaction(drawn)]);
      const transaction = read.ok ? read.value[0]?.transaction : undefined;
      expect(transaction).toMatchObject({
        type: drawn.type,
        sender: drawn.sender.toString(),
        fee: drawn.fee,
        firstValid: drawn.firstValid,
        lastValid: drawn.lastValid,
        genesisId: drawn.genesisID ?? "",
        note: drawn.note,
        hasLease: drawn.lease !== undefined,
        rekeyTo: drawn.rekeyTo?.toString(),
      });
      const { payment, assetTransfer, applicationCall } = drawn;
      if (payment) {
        const { amount, receiver, closeRemainderTo } = payment;
        expect(transaction).toMatchObject({
          amount,
          receiver: receiver.toString(),
          closeRemainderTo: closeRemainderTo?.toString(),
        });
      }
      if (assetTransfer) {
        const { amount, assetIndex, receiver, assetSender, closeRemainderTo } = assetTransfer;
        expect(transaction).toMatchObject({
          amount,
          asset: assetIndex,
          receiver: receiver.toString(),
          clawedFrom: assetSender?.toString(),
          closeTo: closeRemainderTo?.toString(),
        });
      }
      if (applicationCall) {
        expect(transaction).toMatchObject({
          application: applicationCall.appIndex,
          arguments: applicationCall.appArgs,
          applications: applicationCall.foreignApps,
          assets: applicationCall.foreignAssets,
          hasPrograms: applicationCall.approvalProgram.length > 0,
          hasStorage: false,
        });
      }
    }
  });

  test.each([
    ...golden.evaluated.map(({ name, signed }) => [name, signed] as const),
    ["ARC-14, the example", arc14.authorization] as const,
  ])("is read and written as others sign it: %s", (_name, signed) => {
    const wire = Uint8Array.from(Buffer.from(signed.replace(/^SigTx /, ""), "base64"));
    const map = decodeMsgpackMaps(wire);
    expect(map).toMatchObject({ ok: true, value: [{ bytes: wire }] });
    const { txn } = map.ok ? (map.value[0]?.value ?? {}) : {};
    const read = readUserTransactions([encodeMsgpack(txn as MsgpackMap)]);
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.value[0]?.id).toBe(algosdk.decodeSignedTransaction(wire).txn.txID());
  });

  test("in kinds that are never sponsored is read as far as its kind and its sender", () => {
    const { suggestedParams, sender } = algosdkCommon();
    const others = [
      algosdk.makeAssetCreateTxnWithSuggestedParamsFromObject({
        sender,
        suggestedParams,
        total: 5,
        decimals: 0,
        defaultFrozen: false,
      }),
      algosdk.makeAssetFreezeTxnWithSuggestedParamsFromObject({
        sender,
        suggestedParams,
        assetIndex: 7,
        freezeTarget: FRIEND.address,
        frozen: true,
      }),
      algosdk.makeKeyRegistrationTxnWithSuggestedParamsFromObject({ sender, suggestedParams, nonParticipation: true }),
    ];
    const read = readUserTransactions(others.map((transaction) => algosdk.encodeUnsignedTransaction(transaction)));
    expect(
      read.ok && read.value.map(({ transaction }) => [transaction.type, "name" in transaction && transaction.name]),
    ).toEqual([
      ["other", "acfg"],
      ["other", "afrz"],
      ["other", "keyreg"],
    ]);
    expect(read.ok && read.value.map(({ id }) => id)).toEqual(others.map((transaction) => transaction.txID()));
  });
});

function algosdkCommon() {
  const suggestedParams = {
    flatFee: true,
    fee: 0n,
    minFee: 0n,
    firstValid: 1n,
    lastValid: 2n,
    genesisHash: new Uint8Array(32).fill(1),
  };
  return { sender: USER.address, suggestedParams };
}

describe("a group", () => {
  const user = [
    optsIn(),
    calls({ apaa: [new Uint8Array([1, 2, 3, 4]), new Uint8Array()], apat: [new Uint8Array(32)] }),
  ];

  test("comes with its transactions signed, unsigned, or unsigned in the form of signed ones", () => {
    const [sponsored = new Uint8Array(), ...others] = sketchGroup({ user });
    const read = decodeMsgpackMaps(sponsored);
    const wrapped = encodeMsgpack({ txn: read.ok ? (read.value[0]?.value ?? {}) : {} });
    const plain = decodeGroup(concatBytes(sponsored, ...others));
    const same = decodeGroup(concatBytes(wrapped, ...others));
    expect(plain.ok && plain.value.entries.map(({ kind }) => kind)).toEqual(["unsigned", "sig", "sig"]);
    expect(same.ok && same.value.groupId).toEqual(plain.ok && plain.value.groupId);
    expect(same.ok && same.value.entries[0]?.bytes).toEqual(sponsored);
    expect(same.ok && same.value.entries[0]?.wire).toEqual(wrapped);
  });

  test("with the sponsor's signature is what algosdk reads as signed by it, and nothing else of it is changed", () => {
    const group = decodeSketch({ user, signing: { 1: STRANGER } });
    const signature = SPONSOR.sign(new Uint8Array([1]));
    const wire = attachSponsorSignature(group, signature);
    const decoded = decodeGroup(wire);
    expect(decoded.ok && decoded.value.groupId).toEqual(group.groupId);
    expect(decoded.ok && decoded.value.entries.slice(1)).toEqual(group.entries.slice(1));
    const [first, second] = decoded.ok ? decoded.value.entries : [];
    expect(algosdk.decodeSignedTransaction(first?.wire ?? wire)).toMatchObject({ sig: signature });
    expect(algosdk.decodeSignedTransaction(second?.wire ?? wire).sgnr?.toString()).toBe(STRANGER.address);
  });

  test("of nothing has nothing to send", () => {
    expect(attachSponsorSignature({ groupId: new Uint8Array(32), entries: [] }, new Uint8Array(64))).toEqual(
      new Uint8Array(),
    );
  });

  test("says whose key has signed in place of the sender's", () => {
    const { entries } = decodeSketch({ user: [pays()], signing: { 1: STRANGER } });
    expect(entries[1]).toMatchObject({
      kind: "sig",
      authAddress: STRANGER.address,
      transaction: { sender: USER.address },
    });
  });

  test.each(["msig", "lsig", "pqsig"] as const)(
    "says that a transaction is signed by a %s, and of that no more",
    (kind) => {
      const { entries } = decodeSketch({
        user: [pays()],
        signing: { 1: { as: { [kind]: { l: new Uint8Array([1]) } } } },
      });
      expect(entries[1]).toMatchObject({ kind, signature: undefined });
    },
  );

  test("reads who is left out as nobody", () => {
    const { entries } = decodeSketch({ user: [pays({ snd: undefined, rcv: undefined })], signing: { 1: "nobody" } });
    expect(entries[1]?.transaction).toMatchObject({ sender: ZERO_ADDRESS, receiver: ZERO_ADDRESS });
  });
});

describe("a group id that is not of these transactions is refused:", () => {
  const [sponsored = new Uint8Array(), transfer = new Uint8Array()] = sketchGroup({
    user: [movesAsset()],
    signing: { 1: "nobody" },
  });
  const [otherSponsored = new Uint8Array()] = sketchGroup({ user: [movesAsset({ aamt: 6n })] });

  test("one transaction without an id, or all", () => {
    const bare = writeTransaction(movesAsset());
    expect(detailOf(concatBytes(sponsored, bare))).toMatch(/^Transaction 2 is of no group/);
    expect(codeOf(concatBytes(sponsored, bare))).toBe("transaction.malformed");
    expect(detailOf(concatBytes(writeTransaction(sponsorPays()), bare))).toMatch(/^Transaction 1 is of no group/);
  });

  test("a transaction left out, added, exchanged, doubled, or in another place", () => {
    expect(codeOf(concatBytes(sponsored, transfer))).toBe("decoded");
    for (const parts of [
      [sponsored],
      [transfer],
      [sponsored, transfer, transfer],
      [otherSponsored, transfer],
      [transfer, sponsored],
      [sponsored, sponsored],
    ]) {
      expect(codeOf(concatBytes(...parts))).toBe("transaction.malformed");
    }
  });

  test("an id that all of them share and that is of nothing", () => {
    const grp = new Uint8Array(32).fill(1);
    const wire = concatBytes(writeTransaction(sponsorPays({ grp })), writeTransaction(movesAsset({ grp })));
    expect(detailOf(wire)).toMatch(/^Transaction 1 is of another group than these transactions make/);
  });

  test("the id of the same transactions in another order", () => {
    const maps = [sponsorPays(), movesAsset()].map(present);
    const grp = groupIdOf(maps.toReversed());
    expect(codeOf(concatBytes(...maps.map((fields) => encodeMsgpack({ ...fields, grp }))))).toBe(
      "transaction.malformed",
    );
  });
});

const present = (fields: object): MsgpackMap =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A group whose second transaction has these fields, as they are: with an id that fits. */
function groupWith(fields: MsgpackMap): Uint8Array {
  const maps = [present(sponsorPays()), fields];
  const grp = groupIdOf(maps);
  return concatBytes(...maps.map((map) => encodeMsgpack({ ...map, grp })));
}

describe("a transaction that means two things, or none, is refused:", () => {
  const good = present(pays({ note: new Uint8Array([1]) }));
  const zero = new Uint8Array(32);

  test("but as it should be it is read", () => {
    expect(codeOf(groupWith(good))).toBe("decoded");
  });

  test.each<[string, MsgpackMap]>([
    ["an amount of zero that is written", { ...good, amt: 0n }],
    ["a fee of zero that is written", { ...good, fee: 0n }],
    ["an empty note that is written", { ...good, note: new Uint8Array() }],
    ["an address of zero that is written", { ...good, close: zero }],
    ["a lease of zero that is written", { ...good, lx: zero }],
    ["an empty genesis id that is written", { ...good, gen: "" }],
    ["a field that nobody knows", { ...good, xyz: 1n }],
    ["a field of another kind", { ...good, xaid: 1n }],
    ["a field of a heartbeat", { ...good, hb: { a: 1n } }],
    ["no type", { snd: USER.publicKey, txn: 1n }],
    ["an empty type", { ...good, type: "" }],
    ["a number where text belongs", { ...good, type: 1n }],
    ["an address of 31 bytes", { ...good, rcv: new Uint8Array(31).fill(1) }],
    ["an address as text", { ...good, rcv: USER.address }],
    ["an amount as text", { ...good, amt: "5" }],
    ["a note as text", { ...good, note: "gm" }],
    ["true as an amount", { ...good, amt: true }],
    ["a sixth OnComplete", { ...present(calls()), apan: 6n }],
    ["an OnComplete of no-op that is written", { ...present(calls()), apan: 0n }],
    ["arguments that are no list", { ...present(calls()), apaa: new Uint8Array([1]) }],
    ["an empty list of arguments that is written", { ...present(calls()), apaa: [] }],
    ["an argument that is text", { ...present(calls()), apaa: ["gm"] }],
    ["an account of 33 bytes", { ...present(calls()), apat: [new Uint8Array(33)] }],
    ["a box with a field of its own", { ...present(calls()), apbx: [{ i: 1n, x: 1n }] }],
    ["a box index of zero that is written", { ...present(calls()), apbx: [{ i: 0n, n: new Uint8Array([1]) }] }],
    ["a box that is a number", { ...present(calls()), apbx: [1n] }],
    ["a schema with a name", { ...present(calls()), apgs: { n: new Uint8Array([1]) } }],
    ["an empty schema that is written", { ...present(calls()), apls: {} }],
    ["a schema that is a list", { ...present(calls()), apls: [1n] }],
    ["an access list with a field of its own", { ...present(calls()), al: [{ q: 1n }] }],
    ["an access of a number", { ...present(calls()), al: [1n] }],
    ["a pair of an account and an application with an asset", { ...present(calls()), al: [{ l: { s: 1n } }] }],
    ["access to a box with a field of its own", { ...present(calls()), al: [{ b: { q: 1n } }] }],
    ["access to a box by a text", { ...present(calls()), al: [{ b: { n: "box" } }] }],
    ["access to a pair that is a number", { ...present(calls()), al: [{ h: 1n }] }],
    ["a holding with an application", { ...present(calls()), al: [{ h: { p: 1n } }] }],
  ])("%s", (_name, fields) => {
    expect(codeOf(groupWith(fields))).toBe("transaction.malformed");
  });

  test.each<[string, MsgpackMap]>([
    ["a note of 32 zero bytes", { ...good, note: zero }],
    ["the zero address among the accounts of a call", { ...present(calls()), apat: [zero] }],
    ["an empty argument", { ...present(calls()), apaa: [new Uint8Array()] }],
    ["application 0 in a list", { ...present(calls()), apfa: [0n] }],
    ["a box of another application", { ...present(calls()), apbx: [{ i: 1n, n: zero }] }],
    ["access to a box of another application", { ...present(calls()), al: [{ b: { i: 1n, n: zero } }] }],
    ["a box of the application itself without a name", { ...present(calls()), apbx: [{}] }],
    [
      "a list of all that there can be access to",
      {
        ...present(calls()),
        al: [
          { d: USER.publicKey },
          { s: 1n },
          { p: 2n },
          { h: { d: 1n, s: 2n } },
          { l: { p: 3n } },
          { b: { n: zero } },
          {},
        ],
      },
    ],
  ])("but not %s, which is as it should be", (_name, fields) => {
    expect(codeOf(groupWith(fields))).toBe("decoded");
  });

  /** A group whose second transaction is wrapped like this: with an id that fits, so that only the wrapping can be wrong. */
  function groupWrapped(wrap: (txn: MsgpackMap) => MsgpackMap): Uint8Array {
    const maps = [present(sponsorPays()), good];
    const grp = groupIdOf(maps);
    const [sponsored = {}, own = {}] = maps.map((fields) => ({ ...fields, grp }));
    return concatBytes(encodeMsgpack(sponsored), encodeMsgpack(wrap(own)));
  }
  const sig = new Uint8Array(64).fill(1);

  test("but with 64 bytes as its signature, and a key of its own beside it, it is read", () => {
    expect(codeOf(groupWrapped((txn) => ({ sig, txn })))).toBe("decoded");
    expect(codeOf(groupWrapped((txn) => ({ sig, sgnr: STRANGER.publicKey, txn })))).toBe("decoded");
    expect(codeOf(groupWrapped((txn) => ({ txn })))).toBe("decoded");
  });

  test.each<[string, (txn: MsgpackMap) => MsgpackMap]>([
    ["a signature of 63 bytes", (txn) => ({ sig: sig.subarray(1), txn })],
    ["an empty signature", (txn) => ({ sig: new Uint8Array(), txn })],
    ["a signature that is text", (txn) => ({ sig: "x".repeat(64), txn })],
    ["a signature and a multisig", (txn) => ({ sig, msig: { v: 1n }, txn })],
    ["a signature and a program", (txn) => ({ sig, lsig: { l: sig }, txn })],
    ["a multisig and a program", (txn) => ({ msig: { v: 1n }, lsig: { l: sig }, txn })],
    ["a multisig that is no map", (txn) => ({ msig: new Uint8Array([1]), txn })],
    ["a multisig that is empty", (txn) => ({ msig: {}, txn })],
    ["an auth address without a signature", (txn) => ({ sgnr: STRANGER.publicKey, txn })],
    ["an auth address of zero", (txn) => ({ sgnr: zero, sig, txn })],
    ["an auth address as text", (txn) => ({ sgnr: STRANGER.address, sig, txn })],
    ["a field beside the signature that nobody knows", (txn) => ({ sig, txn, zz: 1n })],
    ["a transaction that is no map", () => ({ sig, txn: new Uint8Array([1]) })],
    ["no transaction", () => ({ sig })],
    ["nothing", () => ({})],
  ])("%s", (_name, wrap) => {
    expect(detailOf(groupWrapped(wrap))).toMatch(/^Transaction 2 cannot be read: /);
  });

  test("bytes behind it, and bytes that are missing", () => {
    const wire = wireOf({ user: [pays()] });
    expect(codeOf(concatBytes(wire, Uint8Array.of(0)))).toBe("transaction.malformed");
    expect(codeOf(wire.subarray(0, -1))).toBe("transaction.malformed");
    expect(codeOf(new Uint8Array())).toBe("transaction.malformed");
  });
});

describe("nothing is read that is longer than the chain takes:", () => {
  const list = <Member extends MsgpackValue>(length: number, member: Member): Member[] =>
    Array.from({ length }, () => member);
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(1);
  const call = (fields: MsgpackMap): MsgpackMap => ({ ...present(calls()), ...fields });
  const selectorAnd = (length: number): MsgpackMap => call({ apaa: [bytes(4), bytes(length - 4)] });

  test.each<[string, MsgpackMap, MsgpackMap]>([
    ["a note", present(pays({ note: bytes(1_024) })), present(pays({ note: bytes(1_025) }))],
    ["the network's name", present(pays({ gen: "g".repeat(32) })), present(pays({ gen: "g".repeat(33) }))],
    [
      "a type",
      present(pays({ rcv: undefined, type: "t".repeat(8) })),
      present(pays({ rcv: undefined, type: "t".repeat(9) })),
    ],
    ["a list of arguments", call({ apaa: list(16, bytes(1)) }), call({ apaa: list(17, bytes(1)) })],
    ["all arguments together", selectorAnd(2_048), selectorAnd(2_049)],
    ["a list of accounts", call({ apat: list(8, bytes(32)) }), call({ apat: list(9, bytes(32)) })],
    ["a list of applications", call({ apfa: list(8, 5n) }), call({ apfa: list(9, 5n) })],
    ["a list of assets", call({ apas: list(8, 5n) }), call({ apas: list(9, 5n) })],
    ["a list of boxes", call({ apbx: list(8, { n: bytes(1) }) }), call({ apbx: list(9, { n: bytes(1) }) })],
    ["a list of accesses", call({ al: list(16, { s: 5n }) }), call({ al: list(17, { s: 5n }) })],
  ])("%s", (_name, longest, longer) => {
    // The name is every transaction's: where it differs from the sponsor's, that is another rule's to say.
    expect(codeOf(groupWith(longest))).toBe("decoded");
    expect(codeOf(groupWith(longer))).toBe("transaction.malformed");
  });
});

test("a call says whom its list of accesses names, beside its accounts, and that it has one", () => {
  const { entries } = decodeSketch({
    user: [calls({ apat: [FRIEND.publicKey], al: [{ s: 5n }, { d: STRANGER.publicKey }] }), calls({ al: [{ p: 5n }] })],
  });
  expect(entries[1]?.transaction).toMatchObject({ accounts: [FRIEND.address, STRANGER.address], hasAccessList: true });
  expect(entries[2]?.transaction).toMatchObject({ accounts: [], hasAccessList: true });
});

describe("a group is of no more than sixteen transactions and as many bytes as a request holds:", () => {
  const many = (count: number): GroupSketch => ({
    user: Array.from({ length: count }, (_, index) => pays({ amt: BigInt(index + 1) })),
  });

  test("fifteen beside the sponsor's are read, sixteen are too many", () => {
    expect(codeOf(wireOf(many(15)))).toBe("decoded");
    expect(codeOf(wireOf(many(16)))).toBe("transaction.too_large");
  });

  test("more bytes than that are not even read", () => {
    expect(codeOf(new Uint8Array(49_153))).toBe("transaction.too_large");
    expect(codeOf(new Uint8Array(49_152))).toBe("transaction.malformed");
  });
});

describe("what a user wants to do", () => {
  const parts = [optsIn(), pays()].map(writeTransaction);

  test("is read from unsigned transactions, in a group or not, bare or in the form of signed ones", () => {
    const wrapped = encodeMsgpack({ txn: present(optsIn()) });
    const grouped = writeTransaction(optsIn({ grp: new Uint8Array(32).fill(3) }));
    for (const part of [parts[0] ?? wrapped, wrapped, grouped]) {
      const read = readUserTransactions([part, parts[1] ?? part]);
      expect(read.ok && read.value.map(({ transaction }) => transaction.type)).toEqual(["axfer", "pay"]);
    }
  });

  test.each<[string, Uint8Array[], string]>([
    ["nothing", [], "transaction.malformed"],
    ["an empty part", [new Uint8Array()], "transaction.malformed"],
    ["two transactions in one part", [concatBytes(...parts)], "transaction.malformed"],
    ["bytes of something else", [new Uint8Array([1, 2, 3])], "transaction.malformed"],
    [
      "a signed one",
      [encodeMsgpack({ sig: new Uint8Array(64).fill(1), txn: present(pays()) })],
      "transaction.malformed",
    ],
    ["sixteen", Array.from({ length: 16 }, () => parts[1] ?? new Uint8Array()), "transaction.too_large"],
    ["one of more bytes than a request holds", [new Uint8Array(60_000)], "transaction.too_large"],
  ])("is not %s", (_name, given, code) => {
    const read = readUserTransactions(given);
    expect(read.ok ? "read" : read.reason.code).toBe(code);
  });

  test("is refused with the place of what is wrong, and the room that there is", () => {
    const [first = new Uint8Array()] = parts;
    const detailFor = (...given: readonly Uint8Array[]): string => {
      const read = readUserTransactions(given);
      return read.ok ? "" : read.reason.detail;
    };
    expect(detailFor(first, concatBytes(first, first))).toMatch(/^Part 2 is not one transaction/);
    expect(detailFor(first, encodeMsgpack({ sig: new Uint8Array(64).fill(1), txn: present(pays()) }))).toMatch(
      /^Transaction 2 is signed already/,
    );
    expect(detailFor(...Array.from({ length: 16 }, () => first))).toMatch(
      /^There are 16 transactions; .* room for 15\.$/,
    );
  });
});

describe("decoding answers whatever the bytes are", () => {
  const codes = new Set(["decoded", "transaction.malformed", "transaction.too_large"]);

  test("out of nowhere", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (wire) => {
        expect(codes.has(codeOf(wire))).toBe(true);
      }),
      { numRuns: MUTATIONS },
    );
  });

  test("of a group with a byte changed, put in or taken out: what is still a group is another one", () => {
    const random = createRandom(FUZZ_SEED + 2);
    const wire = wireOf({ user: [optsIn(), calls({ apaa: [new Uint8Array([1, 2, 3, 4])], apid: APPLICATION })] });
    let decodedCount = 0;
    for (let run = 0; run < MUTATIONS; run++) {
      const at = random.below(wire.length);
      const put = random.pick([[], [random.below(256)], [random.below(256), wire[at] ?? 0]]);
      const mutated = Uint8Array.from([...wire.subarray(0, at), ...put, ...wire.subarray(at + 1)]);
      const decoded = decodeGroup(mutated);
      if (!decoded.ok) continue;
      decodedCount += 1;
      const { entries } = decoded.value;
      expect(Buffer.compare(concatBytes(...entries.map((entry) => entry.wire)), mutated)).toBe(0);
      for (const { bytes, fields } of entries) expect(Buffer.compare(encodeMsgpack(fields), bytes)).toBe(0);
    }
    // Only signatures can be changed without the group's id telling.
    expect(decodedCount).toBeLessThan(MUTATIONS / 2);
  });
});
