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
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap } from "../msgpack.ts";
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
    ["a holding with an application", { ...present(calls()), al: [{ h: { p: 1n } }] }],
  ])("%s", (_name, fields) => {
    expect(codeOf(groupWith(fields))).toBe("transaction.malformed");
  });

  test.each<[string, MsgpackMap]>([
    ["a note of 32 zero bytes", { ...good, note: zero }],
    ["the zero address among the accounts of a call", { ...present(calls()), apat: [zero] }],
    ["an empty argument", { ...present(calls()), apaa: [new Uint8Array()] }],
    ["application 0 in a list", { ...present(calls()), apfa: [0n] }],
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

  test.each<[string, MsgpackMap]>([
    ["a signature of 63 bytes", { sig: new Uint8Array(63), txn: good }],
    ["an empty signature", { sig: new Uint8Array(), txn: good }],
    ["a signature that is text", { sig: "x".repeat(64), txn: good }],
    ["two kinds of signature", { sig: new Uint8Array(64).fill(1), msig: { v: 1n }, txn: good }],
    ["a multisig that is no map", { msig: new Uint8Array([1]), txn: good }],
    ["an auth address without a signature", { sgnr: STRANGER.publicKey, txn: good }],
    ["an auth address of zero", { sgnr: zero, sig: new Uint8Array(64).fill(1), txn: good }],
    ["a field beside the signature that nobody knows", { sig: new Uint8Array(64).fill(1), txn: good, zz: 1n }],
    ["a transaction that is no map", { sig: new Uint8Array(64).fill(1), txn: new Uint8Array([1]) }],
    ["no transaction", { sig: new Uint8Array(64).fill(1) }],
    ["nothing", {}],
  ])("%s", (_name, fields) => {
    expect(codeOf(encodeMsgpack(fields))).toBe("transaction.malformed");
  });

  test("bytes behind it, and bytes that are missing", () => {
    const wire = wireOf({ user: [pays()] });
    expect(codeOf(concatBytes(wire, Uint8Array.of(0)))).toBe("transaction.malformed");
    expect(codeOf(wire.subarray(0, -1))).toBe("transaction.malformed");
    expect(codeOf(new Uint8Array())).toBe("transaction.malformed");
  });
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
