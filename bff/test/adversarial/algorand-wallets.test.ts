import { randomBytes } from "node:crypto";
import { callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { NETWORK } from "@gasless/localnet/testing/stack";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey, proveNewly } from "../support/algorand-attempts.ts";
import { optsIn, pays, sponsorGives } from "../support/algorand-groups.ts";
import type { AlgorandKey } from "../support/algorand-keys.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  createOpenProject,
  drawGroup,
  enter,
  land,
  linkKey,
  openScene,
  postBytes,
  type Project,
  relayBytes,
} from "../support/algorand-scene.ts";
import { ALGORAND_METHODS } from "../support/algorand-sign-ins.ts";
import { memo } from "../support/instructions.ts";
import { proveBy, SOLANA_METHODS } from "../support/method-proofs.ts";
import { expectRefusal, post, visit, wireOf } from "../support/visitor.ts";

const ONE_A_DAY = { limits: [{ subjectKind: "user", window: "day", unit: "relays", amount: 1n }] } as const;

let scene: AlgorandScene;
let asset: bigint;
beforeAll(async () => {
  scene = await openScene(({ localnet }) => {
    asset = localnet.chain.createAsset({ total: 1n, decimals: 0, unitName: "A", name: "A" });
  });
});
afterAll(() => scene.stack.close());

/** A project on both families, and what it is called on each of its networks. */
async function createDoubleProject(): Promise<{ readonly target: Project; readonly onSolana: Project }> {
  const names = { name: `Shop ${crypto.randomUUID()}`, publishableKey: `pk_test_${randomBytes(16).toString("hex")}` };
  await scene.stack.createProject({ ...names, ...ONE_A_DAY, sponsorAddress: scene.solanaSponsor });
  const gives = { minimumBalance: { account: true, assets: true }, maxRent: "200000" } as const;
  const target = await createOpenProject(scene, gives, { ...names, ...ONE_A_DAY });
  return { target, onSolana: { ...target, network: NETWORK } };
}

/** A user by a wallet of either family. */
async function enterOnSolana(onSolana: Project, wallet: LocalWallet) {
  const { accessToken: token, user } = await signIn(onSolana, wallet);
  return { target: onSolana, token, userId: user.id };
}

const linkSolana = async (target: Project, token: string, wallet: LocalWallet, method = "message") =>
  callApi(target, "POST", "/v1/wallets", {
    token,
    body: await proveBy(method, { ...target, network: NETWORK }, wallet),
  });

async function namesOf({ target, token }: Pick<AlgorandVisitor, "target" | "token">): Promise<readonly string[]> {
  const list = await callApi<{ data: { wallet: string }[] }>(target, "GET", "/v1/wallets", { token });
  return expectStatus(list, 200).data.map(({ wallet }) => wallet);
}

const unlink = ({ target, token }: Pick<AlgorandVisitor, "target" | "token">, wallet: string) =>
  callApi(target, "DELETE", `/v1/wallets/${wallet}`, { token });

/** An opt-in of somebody who holds nothing. */
function optInOf({ publicKey: snd }: AlgorandKey, key: AlgorandKey): readonly Uint8Array[] {
  return drawGroup(scene, {
    sponsored: sponsorGives(200_000n, { rcv: snd }),
    user: [optsIn({ snd, arcv: snd, xaid: asset, note: Uint8Array.from(randomBytes(8)) })],
    signing: { 1: key },
  });
}

describe("a wallet of each family is one user's", () => {
  test.each(ALGORAND_METHODS)("where an Algorand wallet comes to a Solana user by %s", async (method) => {
    const { target, onSolana } = await createDoubleProject();
    const [solana, key] = [await createWallet(), newKey()];
    const bySolana = await enterOnSolana(onSolana, solana);
    const body = await proveNewly(target, method, key);
    expectStatus(await callApi(target, "POST", "/v1/wallets", { token: bySolana.token, body }), 201);
    // The same proof again is used up, for everybody.
    expectRefusal(
      await callApi(target, "POST", "/v1/wallets", { token: bySolana.token, body }),
      "auth.challenge_invalid",
    );
    const byAlgorand = await enter(target, key);
    expect(byAlgorand.userId).toBe(bySolana.userId);
    expect(new Set(await namesOf(byAlgorand))).toEqual(
      new Set([`solana:${solana.address}`, `algorand:${key.address}`]),
    );
  });

  test.each(SOLANA_METHODS)("where a Solana wallet comes to an Algorand user by %s", async (method) => {
    const { target, onSolana } = await createDoubleProject();
    const [solana, byAlgorand] = [await createWallet(), await enter(target, newKey())];
    const answer = await linkSolana(target, byAlgorand.token, solana, method);
    expectStatus(answer, 201);
    expect((await enterOnSolana(onSolana, solana)).userId).toBe(byAlgorand.userId);
  });

  test("and nobody else's: who has one cannot be given it by another, in any of its spellings", async () => {
    const { target, onSolana } = await createDoubleProject();
    const [owner, other] = [await enter(target, newKey()), await enter(target, newKey())];
    const solana = await createWallet();
    expectRefusal(await linkKey(target, other.token, owner.key), "auth.wallet_taken");
    const bySolana = await enterOnSolana(onSolana, solana);
    expectRefusal(await linkKey(target, bySolana.token, owner.key), "auth.wallet_taken");
    expectRefusal(await linkSolana(target, other.token, solana), "auth.wallet_taken");
    expectRefusal(await unlink(owner, `algorand:${owner.key.address}`), "auth.wallet_last");
    expectRefusal(await unlink(other, `algorand:${owner.key.address}`), "request.not_found");
  });

  test("leaves its user by any of the four spellings of its address", async () => {
    const { target } = await createDoubleProject();
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (const spare of [0, 1, 2, 3]) {
      const owner = await enter(target, newKey());
      const second = newKey();
      expectStatus(await linkKey(target, owner.token, second), 201);
      const last = letters.indexOf(second.address.slice(-1));
      const spelled = second.address.slice(0, -1) + letters.charAt((last & 0b11100) + spare);
      expectStatus(await unlink(owner, `algorand:${spelled}`), 204);
      expectRefusal(await unlink(owner, `algorand:${second.address}`), "request.not_found");
    }
  });

  test("a proof that names somebody else's address or key links nothing, nor does an account's old key", async () => {
    const { target } = await createDoubleProject();
    const [thief, victim, next] = [await enter(target, newKey()), newKey(), newKey()];
    const link = (body: object) => callApi(target, "POST", "/v1/wallets", { token: thief.token, body });
    const proof = await proveNewly(target, "mx", victim);
    expectRefusal(await link({ ...proof, address: newKey().address }), "auth.challenge_invalid");
    expectRefusal(await link({ ...proof, publicKey: thief.key.address }), "auth.signature_invalid");

    scene.side.localnet.chain.fund(victim.address, 1_000_000n);
    land(scene.side, pays({ snd: victim.publicKey, rekey: next.publicKey }), victim);
    expectRefusal(await link(proof), "auth.signature_invalid");
    expectRefusal(await linkKey(target, thief.token, victim), "auth.signature_invalid");
    expectStatus(await linkKey(target, thief.token, { ...victim, sign: next.sign }), 201);
  });
});

describe("a session of one family relays on the other's network", () => {
  test("what a wallet of its user signs there, with that network's own budget, and nothing after the wallet has left", async () => {
    const { target, onSolana } = await createDoubleProject();
    const [solana, key] = [await createWallet(), newKey()];
    const { token } = await enterOnSolana(onSolana, solana);
    const bySolana = { target, key, token, userId: "" };
    // Before it is linked it is a stranger's.
    expectRefusal(await postBytes(bySolana, optInOf(key, key)), "transaction.signature_missing");
    expectStatus(await linkKey(target, token, key), 201);
    await relayBytes(scene, bySolana, optInOf(key, key));
    expect(scene.side.localnet.chain.balanceOf(key.address)).toBe(200_000n);
    const second = drawGroup(scene, { user: [pays({ snd: key.publicKey, rcv: key.publicKey })], signing: { 1: key } });
    expectRefusal(await postBytes(bySolana, second), "budget.user_exhausted");

    // The budget on Solana is another one, and of an Algorand session as well.
    const visitor = await visit(onSolana, solana);
    const byAlgorand = { ...visitor, token: (await enter(target, key)).token };
    const wire = (text: string) => wireOf(visitor, [memo([solana.address], text)]);
    expect((await post(byAlgorand, await wire("first"))).status).toBe(202);
    expectRefusal(await post(byAlgorand, await wire("second")), "budget.user_exhausted");
    expectRefusal(await post(visitor, await wire("third")), "budget.user_exhausted");

    expect((await unlink({ target, token }, `algorand:${key.address}`)).status).toBe(204);
    expectRefusal(await postBytes(bySolana, second), "transaction.signature_missing");
  });

  test("and never what only the wallet of another user signs, though that is in the group", async () => {
    const { target, onSolana } = await createDoubleProject();
    const stranger = await enter(target, newKey());
    const { token } = await enterOnSolana(onSolana, await createWallet());
    const group = optInOf(stranger.key, stranger.key);
    expectRefusal(await postBytes({ ...stranger, token }, group), "transaction.signature_missing");
    await relayBytes(scene, stranger, group);
  });
});
