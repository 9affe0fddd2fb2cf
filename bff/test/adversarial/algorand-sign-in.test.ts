import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, toBase64 } from "@gasless/localnet/api-client";
import { encodeAddress, publicKeyOf } from "../../src/adapters/chains/algorand/address.ts";
import { encodeMsgpack } from "../../src/adapters/chains/algorand/msgpack.ts";
import {
  begin,
  countSessions,
  expectClosed,
  expectOpened,
  newKey,
  prove,
  proveByTransaction,
  proveNewly,
} from "../support/algorand-attempts.ts";
import { pays } from "../support/algorand-groups.ts";
import { algorandKey } from "../support/algorand-keys.ts";
import { type AlgorandScene, createOpenProject, land, openScene, type Project } from "../support/algorand-scene.ts";
import { ALGORAND_METHODS } from "../support/algorand-sign-ins.ts";
import { forgeForSmallOrderKey } from "../support/ed25519-forgeries.ts";
import { postSession } from "../support/proofs.ts";
import { expectRefusal } from "../support/visitor.ts";
import smallOrderKeys from "../vectors/ed25519/small_order_pubkeys.json" with { type: "json" };

const INVALID = "auth.signature_invalid";
const REKEYED = algorandKey("somebody whose account has another key now");
const NEW_KEY = algorandKey("the other key");

let scene: AlgorandScene;
let target: Project;
const rekey = (from: typeof REKEYED, to: typeof REKEYED): void =>
  land(scene.side, pays({ snd: from.publicKey, rekey: to.publicKey }), from);
beforeAll(async () => {
  scene = await openScene(({ localnet }) => void localnet.chain.fund(REKEYED.address, 10_000_000n));
  rekey(REKEYED, NEW_KEY);
  target = await createOpenProject(scene);
});
afterAll(() => scene.stack.close());

describe.each(ALGORAND_METHODS)("by %s", (method) => {
  test("a wallet comes in once with each proof, however often and at once it is shown", async () => {
    const key = newKey();
    const proof = await proveNewly(target, method, key);
    const answers = await Promise.all(Array.from({ length: 8 }, () => postSession(target, proof)));
    const [opened, ...more] = answers.filter(({ status }) => status === 201);
    expect(more).toEqual([]);
    for (const answer of answers) if (answer !== opened) expectRefusal(answer, "auth.challenge_invalid");
    const wallet = `algorand:${key.address}`;
    expect(opened?.body).toMatchObject({ user: { wallets: [{ wallet }] }, session: { wallet, amr: [method] } });
    await expectClosed(target, proof, "auth.challenge_invalid");
  });

  test("an account that has been rekeyed comes in by its new key, said or not, and by no other", async () => {
    const attempt = () => begin(target, method, REKEYED);
    const byNew = await expectOpened(target, await prove(await attempt(), NEW_KEY));
    const said = { ...(await prove(await attempt(), NEW_KEY)), publicKey: NEW_KEY.address };
    expect((await expectOpened(target, said)).user.id).toBe(byNew.user.id);
    expect(byNew.session.wallet).toBe(`algorand:${REKEYED.address}`);

    const stranger = newKey();
    await expectClosed(target, await prove(await attempt()), INVALID);
    await expectClosed(target, { ...(await prove(await attempt())), publicKey: REKEYED.address }, INVALID);
    await expectClosed(target, await prove(await attempt(), stranger), INVALID);
    await expectClosed(target, { ...(await prove(await attempt(), stranger)), publicKey: stranger.address }, INVALID);
    await expectClosed(target, { ...(await prove(await attempt(), NEW_KEY)), publicKey: stranger.address }, INVALID);
    await expectClosed(target, { ...(await prove(await attempt(), NEW_KEY)), publicKey: REKEYED.address }, INVALID);
    await expectClosed(target, { ...(await prove(await attempt(), NEW_KEY)), publicKey: "nobody" }, INVALID);
  });

  test("a key that an account is rekeyed to is nobody else's key, and signs in for itself as before", async () => {
    const own = await expectOpened(target, await proveNewly(target, method, NEW_KEY));
    expect(own.session.wallet).toBe(`algorand:${NEW_KEY.address}`);
    const stranger = newKey();
    const said = { ...(await prove(await begin(target, method, stranger), NEW_KEY)), publicKey: NEW_KEY.address };
    await expectClosed(target, said, INVALID);
  });

  test("an old key is too late when the account is rekeyed while its challenge is out", async () => {
    const [key, next] = [newKey(), newKey()];
    scene.side.localnet.chain.fund(key.address, 10_000_000n);
    const proof = await proveNewly(target, method, key);
    rekey(key, next);
    await expectClosed(target, proof, INVALID);
    await expectOpened(target, await prove(await begin(target, method, key), next));
  });

  test("a node that is away lets nobody in, and the same proof opens the session when it is back", async () => {
    const [algod] = scene.side.algods;
    const proof = await proveNewly(target, method);
    const sessions = await countSessions(scene, target);
    await algod?.setMode("refuse");
    expectRefusal(await postSession(target, proof), "upstream.rpc_unavailable");
    await algod?.setMode("pass");
    expect(await countSessions(scene, target)).toBe(sessions);
    await expectOpened(target, proof);
  });

  test("a key of small order, which fits any message, is nobody's wallet", async () => {
    for (const encoding of smallOrderKeys) {
      const publicKey = Uint8Array.from(Buffer.from(encoding, "hex"));
      const address = encodeAddress(publicKey);
      const sign = (bytes: Uint8Array) => Uint8Array.from(forgeForSmallOrderKey(publicKey, bytes));
      const nobody = { seed: publicKey, publicKey, address, sign };
      await expectClosed(target, await proveNewly(target, method, nobody), INVALID);
    }
  });
});

test("a node that does not answer in time lets nobody in, and the same proof opens the session when it does", async () => {
  const proof = await proveNewly(target, "mx");
  const sessions = await countSessions(scene, target);
  const release = scene.side.localnet.faults.hang("GET /v2/accounts/{address}");
  expectRefusal(await postSession(target, proof), "upstream.rpc_timeout");
  release();
  expect(await countSessions(scene, target)).toBe(sessions);
  await expectOpened(target, proof);
});

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Two bits of an address's last character say nothing. */
function spellingsOf(address: string): readonly string[] {
  const last = BASE32.indexOf(address.slice(-1)) & ~3;
  return [0, 1, 2, 3].map((spare) => `${address.slice(0, -1)}${BASE32[last + spare]}`);
}

describe("an address", () => {
  test.each(ALGORAND_METHODS)(
    "has four spellings and one user, whichever is asked for and whichever is shown: %s",
    async (method) => {
      const key = newKey();
      const spellings = spellingsOf(key.address);
      expect(new Set(spellings.map((spelling) => publicKeyOf(spelling)?.join()))).toEqual(
        new Set([key.publicKey.join()]),
      );
      const users = new Set<string>();
      for (const asked of spellings) {
        for (const shown of spellings) {
          const attempt = await begin(target, method, key, { address: asked, method });
          const { user, session } = await expectOpened(target, { ...(await prove(attempt)), address: shown });
          users.add(user.id);
          expect(session.wallet).toBe(`algorand:${key.address}`);
          expect(user.wallets.map(({ wallet }) => wallet)).toEqual([session.wallet]);
        }
      }
      expect(users.size).toBe(1);
    },
  );

  test.each<[string, (address: string) => string]>([
    ["in small letters", (address) => address.toLowerCase()],
    [
      "with a wrong checksum",
      (address) => `${address.slice(0, -2)}${address.at(-2) === "A" ? "B" : "A"}${address.at(-1)}`,
    ],
    ["a character too short", (address) => address.slice(0, -1)],
    ["a character too long", (address) => `${address}A`],
    ["with padding", (address) => `${address}======`],
    ["with a space", (address) => ` ${address}`],
    ["with digits that base32 lacks", (address) => `${address.slice(0, -1)}1`],
    ["of another family", () => "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q"],
    ["of the name of its family", (address) => `algorand:${address}`],
  ])("is none %s", async (_, spell) => {
    const { address } = newKey();
    const body = { network: target.network, address: spell(address), method: "mx" };
    expectRefusal(await callApi(target, "POST", "/v1/challenges", { body }), "request.invalid");
    const proof = await proveNewly(target, "mx");
    expectRefusal(await postSession(target, { ...proof, address: spell(address) }), "request.invalid");
  });
});

describe("an account of several keys, or of a program", () => {
  const UNSUPPORTED = "auth.wallet_unsupported";
  test.each([
    ["several keys", { msig: { thr: 1n, v: 1n } }],
    ["a program", { lsig: { l: Uint8Array.of(1) } }],
    ["a post-quantum key", { pqsig: { l: Uint8Array.of(1) } }],
  ])("is told that it cannot sign in, in whatever place its signature comes: %s", async (_, kind) => {
    for (const method of ALGORAND_METHODS) {
      const proof = await proveNewly(target, method);
      await expectClosed(target, { ...proof, signature: toBase64(encodeMsgpack(kind)) }, UNSUPPORTED);
    }
    const attempt = await begin(target, "zero-transaction");
    const proof = await proveByTransaction(
      attempt,
      (txn) => txn,
      (txn) => ({ ...kind, txn }),
    );
    await expectClosed(target, proof, UNSUPPORTED);
    // Its challenge was not used up: the account's one key would still come in.
    await expectOpened(target, await prove(attempt));
  });
});
