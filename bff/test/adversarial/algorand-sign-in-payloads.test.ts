import { createHash } from "node:crypto";
import { readWireTransaction } from "@gasless/localnet/algorand/wire-transaction";
import { toBase64 } from "@gasless/localnet/api-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { MsgpackMap } from "../../src/adapters/chains/algorand/msgpack.ts";
import {
  begin,
  bytesOf,
  countSessions,
  expectClosed,
  expectOpened,
  fromBase64,
  join,
  newKey,
  prove,
  proveByTransaction,
  proveBytes,
  proveNewly,
} from "../support/algorand-attempts.ts";
import { pays } from "../support/algorand-groups.ts";
import {
  type AlgorandScene,
  createOpenProject,
  drawGroup,
  enter,
  expectUntouched,
  lookBefore,
  openScene,
  postBytes,
  type Project,
} from "../support/algorand-scene.ts";
import { expectRefusal } from "../support/visitor.ts";

const INVALID = "auth.signature_invalid";

let scene: AlgorandScene;
let target: Project;
let opened = 0;
beforeAll(async () => {
  scene = await openScene();
  target = await createOpenProject(scene);
});
afterAll(() => scene.stack.close());
/** Whatever was tried, only what a test has said opened a session. */
afterEach(async () => {
  expect(await countSessions(scene, target)).toBe(opened);
});

async function expectIn(proof: Parameters<typeof expectOpened>[1]): Promise<void> {
  await expectOpened(target, proof);
  opened += 1;
}

const sha256 = (data: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(data).digest());

describe("arc60", () => {
  /** By its own authenticator's data, told or not. */
  const withAuthenticator = async (change: (given: Uint8Array) => Uint8Array, isTold = true) => {
    const attempt = await begin(target, "arc60");
    const { payload } = attempt.challenge;
    const used = change(fromBase64(payload?.["authenticatorData"]));
    const proof = proveBytes(attempt, join(sha256(fromBase64(payload?.["data"])), sha256(used)));
    return isTold ? { ...proof, signedMessage: toBase64(used) } : proof;
  };
  const longer = (more: number) => (given: Uint8Array) => join(given, new Uint8Array(more).fill(5));
  const domain = (text: string) => () => sha256(bytesOf(text));

  test.each([0, 1, 5, 480])("takes what an authenticator adds behind the page's hash: %i bytes", async (more) => {
    await expectIn(await withAuthenticator(longer(more)));
  });

  test.each<[string, (given: Uint8Array) => Uint8Array]>([
    ["of more than 512 bytes", longer(481)],
    ["of two kilobytes", longer(2_000)],
    ["of another page", domain("evil.example")],
    ["of the origin instead of its host", domain("https://dapp.example")],
    ["of the host with a port", domain("dapp.example:443")],
    ["of the host in capitals", domain("DAPP.EXAMPLE")],
    ["of another of the project's pages", domain("other.example")],
    ["that begins a byte later", (given) => join(Uint8Array.of(0), given)],
    ["cut short", (given) => given.subarray(0, 31)],
    ["of zeroes", () => new Uint8Array(37)],
  ])("refuses an authenticator's data %s, told or not", async (_, change) => {
    await expectClosed(target, await withAuthenticator(change), INVALID);
    await expectClosed(target, await withAuthenticator(change, false), INVALID);
  });

  test("refuses what an authenticator added and the wallet does not tell", async () => {
    await expectClosed(target, await withAuthenticator(longer(5), false), INVALID);
  });

  test.each<[string, (data: Uint8Array, authenticator: Uint8Array) => Uint8Array]>([
    ["the object alone", (data) => sha256(data)],
    ["the object as it is", (data) => data],
    ["both, not hashed", (data, authenticator) => join(data, authenticator)],
    ["both hashed as one", (data, authenticator) => sha256(join(data, authenticator))],
    ["both in the other order", (data, authenticator) => join(sha256(authenticator), sha256(data))],
    ["both behind a tag", (data, authenticator) => join(bytesOf("MX"), sha256(data), sha256(authenticator))],
  ])("refuses a signature over %s", async (_, signed) => {
    const attempt = await begin(target, "arc60");
    const { data, authenticatorData } = attempt.challenge.payload ?? {};
    await expectClosed(target, proveBytes(attempt, signed(fromBase64(data), fromBase64(authenticatorData))), INVALID);
  });

  type Siwa = Readonly<Record<string, unknown>>;
  test.each<[string, (siwa: Siwa) => Siwa]>([
    ["of another domain", (siwa) => ({ ...siwa, domain: "evil.example" })],
    ["of another page", (siwa) => ({ ...siwa, uri: "https://evil.example" })],
    ["of another account", (siwa) => ({ ...siwa, account_address: newKey().address })],
    ["of another nonce", (siwa) => ({ ...siwa, nonce: "00" })],
    ["of another chain", (siwa) => ({ ...siwa, chain_id: "algorand:localnet" })],
    ["of another type", (siwa) => ({ ...siwa, type: "webauthn" })],
    ["of another version", (siwa) => ({ ...siwa, version: "2" })],
    ["that lives longer", (siwa) => ({ ...siwa, "expiration-time": "2099-01-01T00:00:00.000Z" })],
    ["with more resources", (siwa) => ({ ...siwa, resources: ["https://evil.example"] })],
    ["with a member more", (siwa) => ({ ...siwa, zzz: 1 })],
    ["without its statement", ({ statement: _statement, ...siwa }) => siwa],
    ["in another order", (siwa) => Object.fromEntries(Object.entries(siwa).toReversed())],
  ])("refuses an object %s", async (_, change) => {
    const attempt = await begin(target, "arc60");
    const { data, authenticatorData } = attempt.challenge.payload ?? {};
    const siwa = JSON.parse(Buffer.from(fromBase64(data)).toString()) as Siwa;
    const changed = bytesOf(JSON.stringify(change(siwa)));
    expect(Buffer.compare(changed, fromBase64(data))).not.toBe(0);
    const proof = proveBytes(attempt, join(sha256(changed), sha256(fromBase64(authenticatorData))));
    await expectClosed(target, proof, INVALID);
    await expectClosed(target, { ...proof, signedMessage: toBase64(changed) }, INVALID);
  });
});

const other = new Uint8Array(32).fill(7);

describe("zero-transaction", () => {
  test.each<[string, (txn: MsgpackMap) => MsgpackMap]>([
    ["with an amount", (txn) => ({ ...txn, amt: 1n })],
    ["with a fee", (txn) => ({ ...txn, fee: 1_000n })],
    ["that rekeys", (txn) => ({ ...txn, rekey: other })],
    ["that closes the account", (txn) => ({ ...txn, close: other })],
    ["with a lease", (txn) => ({ ...txn, lx: other })],
    ["in a group", (txn) => ({ ...txn, grp: other })],
    ["of another network", (txn) => ({ ...txn, gh: other })],
    ["with a network's name", (txn) => ({ ...txn, gen: "mainnet-v1.0" })],
    ["with our network's name", (txn) => ({ ...txn, gen: scene.side.localnet.genesisId })],
    ["with a longer note", ({ note, ...txn }) => ({ ...txn, note: join(note as Uint8Array, Uint8Array.of(0)) })],
    ["with another note", (txn) => ({ ...txn, note: bytesOf("hello") })],
    ["without a note", ({ note: _note, ...txn }) => txn],
    ["that begins in another round", (txn) => ({ ...txn, fv: 2n })],
    ["that ends in another round", (txn) => ({ ...txn, lv: 2n })],
    ["that can land", (txn) => ({ ...txn, fv: 1_000n, lv: 1_020n })],
    ["to somebody else", (txn) => ({ ...txn, rcv: other })],
    ["from somebody else", (txn) => ({ ...txn, snd: other })],
    [
      "of another kind",
      ({ rcv: _receiver, type: _type, ...txn }) => ({ ...txn, type: "axfer", xaid: 1n, arcv: other }),
    ],
    ["with a field that nobody knows", (txn) => ({ ...txn, zzz: 1n })],
  ])("honestly signed, but %s, is refused", async (_, change) => {
    await expectClosed(target, await proveByTransaction(await begin(target, "zero-transaction"), change), INVALID);
  });

  test.each<[string, (txn: MsgpackMap, sig: Uint8Array) => MsgpackMap]>([
    ["unsigned", (txn) => txn],
    ["in an envelope without a signature", (txn) => ({ txn })],
    ["with a field that nobody knows", (txn, sig) => ({ sig, txn, zzz: 1n })],
    ["said to be signed by somebody else", (txn, sig) => ({ sgnr: other, sig, txn })],
    ["with another signature than is posted", (txn, sig) => ({ sig: sig.toReversed(), txn })],
    ["in an envelope in an envelope", (txn, sig) => ({ sig, txn: { sig, txn } })],
  ])("%s is refused", async (_, wrap) => {
    const attempt = await begin(target, "zero-transaction");
    await expectClosed(target, await proveByTransaction(attempt, (txn) => txn, wrap), INVALID);
    await expectIn(await prove(attempt));
  });

  test("with more behind it, twice, or in other bytes is refused", async () => {
    const attempt = await begin(target, "zero-transaction");
    const proof = await prove(attempt);
    const bytes = fromBase64(proof.transaction);
    for (const changed of [join(bytes, Uint8Array.of(0)), join(bytes, bytes), bytes.subarray(0, -1)]) {
      await expectClosed(target, { ...proof, transaction: toBase64(changed) }, INVALID);
    }
    await expectClosed(target, { ...proof, transaction: undefined }, "request.invalid");
    await expectIn(proof);
  });

  test("never lands: neither a node takes what was signed, nor is it sponsored", async () => {
    const visitor = await enter(target);
    opened += 1;
    const { chain } = scene.side.localnet;
    const proof = await proveNewly(target, "zero-transaction", visitor.key);
    const signed = fromBase64(proof.transaction);
    chain.fund(visitor.key.address, 1_000_000n);
    expect(chain.submit([readWireTransaction(signed)])).not.toBeNull();
    const before = lookBefore(scene);
    const [sponsored = new Uint8Array(), own = new Uint8Array()] = drawGroup(scene, { user: [pays()] });
    for (const parts of [[signed], [sponsored, signed], [sponsored, own, signed]]) {
      expectRefusal(await postBytes(visitor, parts), "transaction.malformed");
    }
    await expectUntouched(scene, visitor, before);
  });
});
