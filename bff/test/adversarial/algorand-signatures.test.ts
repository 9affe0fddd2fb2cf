import { callApi, expectStatus } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap } from "../../src/adapters/chains/algorand/msgpack.ts";
import { signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { FRIEND, OPEN_POLICY, pays, SPONSOR, sponsorPays, STRANGER, USER } from "../support/algorand-groups.ts";
import { type AlgorandKey, algorandKey } from "../support/algorand-keys.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  createOpenProject,
  drawGroup,
  enter,
  enterNewProject,
  expectUntouched,
  explainBytes,
  land,
  landRelays,
  lookBefore,
  openScene,
  postBytes,
  relayBytes,
} from "../support/algorand-scene.ts";
import { forgeForSmallOrderKey, signWithIdentityAsR, stretchScalar } from "../support/ed25519-forgeries.ts";
import smallOrderKeys from "../vectors/ed25519/small_order_pubkeys.json" with { type: "json" };
import { EMPTY_LEDGER, expectRefusal, ledgerOf } from "../support/visitor.ts";

const REKEYED = algorandKey("somebody whose account has another key now");
const NEW_KEY = algorandKey("the other key");

let scene: AlgorandScene;
beforeAll(async () => {
  scene = await openScene((side) => {
    for (const { address } of [USER, FRIEND, REKEYED]) side.localnet.chain.fund(address, 10_000_000n);
    land(side, pays({ snd: REKEYED.publicKey, rekey: NEW_KEY.publicKey }), REKEYED);
  });
});
afterAll(() => scene.stack.close());

const unwrap = (wire: Uint8Array): MsgpackMap => {
  const read = decodeMsgpackMaps(wire);
  if (!read.ok || !read.value[0]) throw new Error("it is no map");
  return read.value[0].value;
};

/** A payment in a group with the sponsor's, with the last transaction signed as `sign` says. */
function groupWith(
  sign: (txn: MsgpackMap, bytes: Uint8Array) => MsgpackMap,
  sender: AlgorandKey | { readonly publicKey: Uint8Array } = USER,
): readonly Uint8Array[] {
  const user = [pays({ snd: sender.publicKey })];
  const [sponsored = new Uint8Array(), own = new Uint8Array()] = drawGroup(scene, { user, signing: { 1: "nobody" } });
  return [sponsored, encodeMsgpack({ ...sign(unwrap(own), own), txn: unwrap(own) })];
}

const sig = (key: AlgorandKey, bytes: Uint8Array) => ({ sig: key.sign(bytes) });
const flip = (signature: Uint8Array, at: number): Uint8Array => signature.with(at, (signature[at] ?? 0) ^ 1);
const signed = (bytes: Uint8Array): Uint8Array => USER.sign(signedBytesOf(bytes));
const tagged = (tag: string, bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(tag), bytes]);

const INVALID = "transaction.signature_invalid";
const FORGERIES: readonly [name: string, sign: Parameters<typeof groupWith>[0], code?: ErrorCode][] = [
  ["none", () => ({}), "transaction.signature_missing"],
  ["one of zeroes", () => ({ sig: new Uint8Array(64) })],
  ["one with a bit of R changed", (_, bytes) => ({ sig: flip(signed(bytes), 0) })],
  ["one with a bit of S changed", (_, bytes) => ({ sig: flip(signed(bytes), 40) })],
  ["one whose S is larger than the order", (_, bytes) => ({ sig: Uint8Array.from(stretchScalar(signed(bytes))) })],
  ["one with the identity as R", (_, bytes) => ({ sig: signWithIdentityAsR(USER.seed, signedBytesOf(bytes)).slice() })],
  ["the user's, of another transaction", (txn) => ({ sig: signed(encodeMsgpack({ ...txn, amt: 1n })) })],
  ["the user's, of the same outside its group", ({ grp: _group, ...txn }) => ({ sig: signed(encodeMsgpack(txn)) })],
  ["the user's, of bytes without their tag", (_, bytes) => sig(USER, bytes)],
  ["the user's, of a text with these bytes", (_, bytes) => sig(USER, tagged("MX", bytes))],
  ["the user's, of the group's id", (txn) => sig(USER, tagged("TG", txn["grp"] as Uint8Array))],
  ["a friend's", (_, bytes) => sig(FRIEND, signedBytesOf(bytes))],
  [
    "a stranger's, said to be a friend's",
    (_, bytes) => ({ ...sig(STRANGER, signedBytesOf(bytes)), sgnr: FRIEND.publicKey }),
  ],
  ["the user's, said to be a friend's", (_, bytes) => ({ sig: signed(bytes), sgnr: FRIEND.publicKey })],
  ["several keys'", (_, bytes) => ({ msig: { subsig: [{ pk: USER.publicKey, s: signed(bytes) }], thr: 1n, v: 1n } })],
  ["several keys', without any", () => ({ msig: { thr: 1n, v: 1n } })],
  ["a program", () => ({ lsig: { l: Uint8Array.from([1, 32, 1, 1, 34]) } })],
  ["a program that the user has signed", (_, bytes) => ({ lsig: { l: Uint8Array.of(1), sig: signed(bytes) } })],
  ["a post-quantum key", () => ({ pqsig: { l: Uint8Array.of(1) } })],
];

describe("a signature that is not by the account's one key, of exactly these bytes, is refused before a node is asked", () => {
  test.each(FORGERIES)("%s", async (_, sign, code = INVALID) => {
    const visitor = await enterNewProject(scene);
    const group = groupWith(sign);
    const before = lookBefore(scene);
    expectRefusal(await postBytes(visitor, group), code);
    if (code === INVALID) expect((await explainBytes(visitor, group)).verdict).toBe("refuse");
    await expectUntouched(scene, visitor, before);
  });

  test("a key that fits any message neither sends nor signs for somebody", async () => {
    const allow = OPEN_POLICY.allow.map((entry) => ({ ...entry, anySender: true }));
    const visitor = await enterNewProject(scene, { allow });
    const before = lookBefore(scene);
    for (const encoding of smallOrderKeys) {
      const key = Uint8Array.from(Buffer.from(encoding, "hex"));
      const forge = (bytes: Uint8Array) => Uint8Array.from(forgeForSmallOrderKey(key, signedBytesOf(bytes)));
      const isZero = key.every((byte) => byte === 0);
      // An address of zeroes is left out, and is nobody's.
      const user = [pays({ amt: 1n }), pays({ snd: isZero ? undefined : key })];
      const [sponsored, own, theirs] = drawGroup(scene, { user, signing: { 2: "nobody" } });
      if (!sponsored || !own || !theirs) throw new Error("a transaction is missing");
      const forged = encodeMsgpack({ sig: forge(theirs), txn: unwrap(theirs) });
      expectRefusal(await postBytes(visitor, [sponsored, own, forged]), INVALID);
      const inPlaceOfUser = groupWith((_, bytes) => ({ sgnr: key, sig: forge(bytes) }));
      expectRefusal(await postBytes(visitor, inPlaceOfUser), isZero ? "transaction.malformed" : INVALID);
    }
    await expectUntouched(scene, visitor, before);
  });

  test("a second transaction whose sender has not signed is missed, though the user has signed the first", async () => {
    const visitor = await enterNewProject(scene);
    const before = lookBefore(scene);
    const user = [pays({ amt: 1n }), pays({ amt: 2n })];
    for (const signing of [{ 1: "nobody" }, { 2: "nobody" }] as const) {
      expectRefusal(await postBytes(visitor, drawGroup(scene, { user, signing })), "transaction.signature_missing");
    }
    await expectUntouched(scene, visitor, before);
  });
});

describe("the sponsor's place", () => {
  const withSponsor = (wrap: (txn: MsgpackMap, bytes: Uint8Array) => MsgpackMap): readonly Uint8Array[] => {
    const [sponsored = new Uint8Array(), ...others] = drawGroup(scene, { user: [pays()] });
    return [encodeMsgpack(wrap(unwrap(sponsored), sponsored)), ...others];
  };

  test.each<[string, (txn: MsgpackMap, bytes: Uint8Array) => MsgpackMap]>([
    ["by itself, kept from before", (txn, bytes) => ({ sig: SPONSOR.sign(signedBytesOf(bytes)), txn })],
    ["by zeroes", (txn) => ({ sig: new Uint8Array(64), txn })],
    ["by the user", (txn, bytes) => ({ sgnr: USER.publicKey, sig: signed(bytes), txn })],
    ["by several keys", (txn) => ({ msig: { v: 1n }, txn })],
    ["by a program", (txn) => ({ lsig: { l: Uint8Array.of(1) }, txn })],
  ])("is refused where it comes signed: %s", async (_, wrap) => {
    const visitor = await enterNewProject(scene);
    const before = lookBefore(scene);
    expectRefusal(await postBytes(visitor, withSponsor(wrap)), INVALID);
    await expectUntouched(scene, visitor, before);
  });

  test("is taken without a signature, in an envelope as well as bare", async () => {
    const visitor = await enterNewProject(scene);
    const group = withSponsor((txn) => ({ txn }));
    expect(await relayBytes(scene, visitor, group)).toMatchObject({ state: "signed" });
  });
});

describe("an account that has been rekeyed", () => {
  const enterRekeyed = async (): Promise<AlgorandVisitor> =>
    enter(await createOpenProject(scene), { ...REKEYED, sign: NEW_KEY.sign });

  test.each<[string, Parameters<typeof groupWith>[0]]>([
    ["by its old key", (_, bytes) => sig(REKEYED, signedBytesOf(bytes))],
    [
      "by a stranger's key, which says that it is the new one",
      (_, bytes) => ({ ...sig(STRANGER, signedBytesOf(bytes)), sgnr: STRANGER.publicKey }),
    ],
  ])("is not spent from %s: the node's word is asked, and what was held is let go", async (_, sign) => {
    const visitor = await enterRekeyed();
    const before = lookBefore(scene);
    const answer = await postBytes(visitor, groupWith(sign, REKEYED));
    expectRefusal(answer, INVALID);
    await expectUntouched(scene, visitor, before, { ...EMPTY_LEDGER, relays: { rejected: 1 }, keys: 1 });
  });

  test("is not spent from by its new key where that does not say whose it is", async () => {
    const visitor = await enterRekeyed();
    const before = lookBefore(scene);
    expectRefusal(
      await postBytes(
        visitor,
        groupWith((_, bytes) => sig(NEW_KEY, signedBytesOf(bytes)), REKEYED),
      ),
      INVALID,
    );
    await expectUntouched(scene, visitor, before);
  });

  test("is spent from by its new key", async () => {
    const visitor = await enterRekeyed();
    const own = groupWith((_, bytes) => ({ sgnr: NEW_KEY.publicKey, ...sig(NEW_KEY, signedBytesOf(bytes)) }), REKEYED);
    expect(await relayBytes(scene, visitor, own)).toMatchObject({ state: "signed" });
  });
});

describe("the same group", () => {
  test("under eight keys at once is one relay, and the others are told which", async () => {
    const visitor = await enterNewProject(scene);
    const group = drawGroup(scene, { user: [pays({ amt: 8n })] });
    const before = scene.side.localnet.chain.balanceOf(SPONSOR.address);
    const answers = await Promise.all(Array.from({ length: 8 }, () => postBytes(visitor, group)));
    const [winner, ...more] = answers.filter(({ status }) => status === 202);
    expect(more).toEqual([]);
    for (const answer of answers.filter((one) => one !== winner)) {
      expect(expectRefusal(answer, "transaction.already_relayed").context).toEqual({ relayId: winner?.body.id });
    }
    await landRelays(scene, answers);
    expect(before - scene.side.localnet.chain.balanceOf(SPONSOR.address)).toBe(2_000n);
    expect(await ledgerOf(scene.stack, visitor.target)).toMatchObject({ keys: 1 });
    expectRefusal(await postBytes(visitor, group), "transaction.already_relayed");
  });

  test("by two users who are both in it is the first one's, and says nothing of it to the second", async () => {
    const target = await createOpenProject(scene, { allow: [{ transaction: "payment", anySender: true }] });
    const [first, second] = [await enter(target), await enter(target, FRIEND)];
    const group = drawGroup(scene, {
      sponsored: sponsorPays({ fee: 3_000n }),
      user: [pays({ amt: 3n }), pays({ snd: FRIEND.publicKey, rcv: USER.publicKey })],
    });
    await relayBytes(scene, first, group);
    const body = expectRefusal(await postBytes(second, group), "transaction.already_relayed");
    expect(JSON.stringify(body)).not.toContain("rly_");
  });
});

test("an explanation leaves no trace: no decision, no relay, nothing held", async () => {
  const visitor = await enterNewProject(scene);
  const before = lookBefore(scene);
  const group = drawGroup(scene, { user: [pays({ amt: 12n })] });
  expect((await explainBytes(visitor, group)).verdict).toBe("sponsor");
  await explainBytes(
    visitor,
    groupWith(() => ({ sig: new Uint8Array(64) })),
  );
  const count = "select count(*)::integer as decisions from decisions where project_id = $1";
  expect((await scene.stack.database.query(count, [visitor.target.projectId])).rows).toEqual([{ decisions: 0 }]);
  const list = await callApi<{ data: unknown[] }>(visitor.target, "GET", "/v1/relays", { token: visitor.token });
  expect(expectStatus(list, 200).data).toEqual([]);
  await expectUntouched(scene, visitor, before);
  // What was explained is sponsored all the same.
  expect((await postBytes(visitor, group)).status).toBe(202);
});

test("an auth address that is the sender itself is another spelling of none, and refused", async () => {
  const visitor = await enterNewProject(scene);
  const group = groupWith((_, bytes) => ({ sgnr: USER.publicKey, sig: signed(bytes) }));
  expectRefusal(await postBytes(visitor, group), "transaction.malformed");
});
