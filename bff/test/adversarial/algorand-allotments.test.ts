import { randomBytes } from "node:crypto";
import { callPrepare } from "@gasless/localnet/algorand-client";
import { callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { NETWORK } from "@gasless/localnet/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicKeyOf } from "../../src/adapters/chains/algorand/address.ts";
import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import { optsIn, optsOut, pays, SPONSOR, sponsorGives } from "../support/algorand-groups.ts";
import { type AlgorandKey, algorandKey } from "../support/algorand-keys.ts";
import { optIn } from "../support/algorand.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  createOpenProject,
  drawGroup,
  enter,
  type GroupAnswer,
  land,
  landRelays,
  linkKey,
  openScene,
  postPatiently,
  type Project,
  relayBytes,
} from "../support/algorand-scene.ts";
import { proveBy } from "../support/method-proofs.ts";
import { expectRefusal, ledgerOf } from "../support/visitor.ts";

const GIVES: Partial<AlgorandPolicy> = { minimumBalance: { account: true, assets: true }, maxRent: "200000" };
/** Of an account and of one asset in it. */
const BOTH = 200_000n;
const ONE = 100_000n;
const NOT_GIVEN = "policy.rent_not_sponsored";

let scene: AlgorandScene;
const assets: bigint[] = [];
beforeAll(async () => {
  scene = await openScene(({ localnet: { chain } }) => {
    for (let index = 0; index < 8; index++) {
      assets.push(chain.createAsset({ total: 1_000n, decimals: 0, unitName: "A", name: "A" }));
    }
  });
});
afterAll(() => scene.stack.close());

const newKey = (): AlgorandKey => algorandKey(Uint8Array.from(randomBytes(32)));
const sponsorBalance = (): bigint => scene.side.localnet.chain.balanceOf(SPONSOR.address);

/** An opt-in of the key's, and what the sponsor gives for it; no two are the same. */
function givenOptIn(key: AlgorandKey, asset: bigint | undefined, amount: bigint): readonly Uint8Array[] {
  const { publicKey: snd } = key;
  const note = Uint8Array.from(randomBytes(8));
  return drawGroup(scene, {
    sponsored: sponsorGives(amount, { rcv: snd }),
    user: [optsIn({ snd, arcv: snd, xaid: asset, note })],
    signing: { 1: key },
  });
}

/** How many were accepted; everybody else was told that it is given no more. */
function countGiven(answers: readonly GroupAnswer[]): number {
  const refused = answers.filter(({ status }) => status !== 202);
  for (const answer of refused) expectRefusal(answer, NOT_GIVEN);
  return answers.length - refused.length;
}

const postAll = (visitor: AlgorandVisitor, groups: readonly (readonly Uint8Array[])[]): Promise<GroupAnswer[]> =>
  Promise.all(groups.map((group) => postPatiently(visitor, group)));
const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("of relays at the very same time", () => {
  test("sixteen for one asset are given its minimum balance once", async () => {
    const visitor = await enter(await createOpenProject(scene, GIVES), newKey());
    const before = sponsorBalance();
    const answers = await postAll(
      visitor,
      times(16, () => givenOptIn(visitor.key, assets[0], BOTH)),
    );
    expect(countGiven(answers)).toBe(1);
    await landRelays(scene, answers);
    expect(before - sponsorBalance()).toBe(BOTH + 2_000n);
    expect(scene.side.localnet.chain.balanceOf(visitor.key.address)).toBe(BOTH);
    expect(await ledgerOf(scene.stack, visitor.target)).toMatchObject({ keys: 1 });
  });

  test("sixteen for eight assets are given the account's balance once, and then each other asset's once", async () => {
    const visitor = await enter(await createOpenProject(scene, GIVES, { limits: [] }), newKey());
    const { key } = visitor;
    const before = sponsorBalance();
    const first = await postAll(
      visitor,
      times(16, (index) => givenOptIn(key, assets[index % 8], BOTH)),
    );
    expect(countGiven(first)).toBe(1);
    await landRelays(scene, first);
    const second = await postAll(
      visitor,
      times(16, (index) => givenOptIn(key, assets[index % 8], ONE)),
    );
    expect(countGiven(second)).toBe(7);
    await landRelays(scene, second);
    expect(before - sponsorBalance()).toBe(BOTH + 7n * ONE + 8n * 2_000n);
    expect(scene.side.localnet.chain.balanceOf(key.address)).toBe(BOTH + 7n * ONE);
  });

  test("sixteen from two wallets of one user are given one asset once", async () => {
    const target = await createOpenProject(scene, GIVES, { limits: [] });
    const visitor = await enter(target, newKey());
    const second = newKey();
    expectStatus(await linkKey(target, visitor.token, second), 201);
    const asSecond = await enter(target, second);
    expect(asSecond.userId).toBe(visitor.userId);
    const before = sponsorBalance();
    const answers = await Promise.all(
      times(16, (index) => {
        const asker = index % 4 < 2 ? visitor : asSecond;
        return postPatiently(asker, givenOptIn(index % 2 === 0 ? visitor.key : second, assets[0], BOTH));
      }),
    );
    expect(countGiven(answers)).toBe(1);
    await landRelays(scene, answers);
    expect(before - sponsorBalance()).toBe(BOTH + 2_000n);
  });

  test("sixteen of two users are given each theirs once", async () => {
    const target = await createOpenProject(scene, GIVES);
    const visitors = [await enter(target, newKey()), await enter(target, newKey())];
    const before = sponsorBalance();
    const answers = await Promise.all(
      visitors.map((visitor) =>
        postAll(
          visitor,
          times(8, () => givenOptIn(visitor.key, assets[0], BOTH)),
        ),
      ),
    );
    expect(answers.map(countGiven)).toEqual([1, 1]);
    await landRelays(scene, answers.flat());
    expect(before - sponsorBalance()).toBe(2n * (BOTH + 2_000n));
  });

  test("sixteen of one wallet in two projects are given it once in each, whatever the other gives", async () => {
    const key = newKey();
    const [here, there] = [
      await enter(await createOpenProject(scene, GIVES), key),
      await enter(await createOpenProject(scene, GIVES), key),
    ];
    const before = sponsorBalance();
    const answers = await Promise.all(
      [here, there].map((visitor, index) =>
        postAll(
          visitor,
          times(8, () => givenOptIn(key, assets[index], BOTH)),
        ),
      ),
    );
    expect(answers.map(countGiven)).toEqual([1, 1]);
    await landRelays(scene, answers.flat());
    expect(before - sponsorBalance()).toBe(2n * (BOTH + 2_000n));
  });
});

/** On both families of networks. */
async function createDoubleProject(): Promise<Project> {
  const names = { name: `Shop ${crypto.randomUUID()}`, publishableKey: `pk_test_${randomBytes(16).toString("hex")}` };
  await scene.stack.createProject(names);
  return createOpenProject(scene, GIVES, { ...names, limits: [] });
}

const unlink = ({ target, token }: Pick<AlgorandVisitor, "target" | "token">, { address }: AlgorandKey) =>
  callApi(target, "DELETE", `/v1/wallets/algorand:${address}`, { token });

/** Gives the asset and its minimum balance away, so that the account lacks it again. */
function squander(key: AlgorandKey, asset: bigint): void {
  const { publicKey: snd } = key;
  const dispenser = publicKeyOf(scene.side.localnet.chain.dispenser.address);
  land(scene.side, optsOut({ snd, xaid: asset, arcv: dispenser, aclose: dispenser }), key);
  land(scene.side, pays({ snd, rcv: dispenser, amt: ONE - 2_000n }), key);
  expect(scene.side.localnet.chain.balanceOf(key.address)).toBe(ONE);
}

describe("who has been given it, gives it away and asks again", () => {
  test("is told so already by prepare, and gets it by no other name of the same user", async () => {
    const [asset = 0n] = assets;
    const target = await createDoubleProject();
    const visitor = await enter(target, newKey());
    const { key } = visitor;
    await relayBytes(scene, visitor, givenOptIn(key, asset, BOTH));
    squander(key, asset);
    const before = sponsorBalance();
    const refuse = async (asker: AlgorandVisitor, by = key, amount = ONE): Promise<void> => {
      expectRefusal(await postPatiently(asker, givenOptIn(by, asset, amount)), NOT_GIVEN);
    };
    await refuse(visitor);
    expectRefusal(await callPrepare(target, visitor.token, [optIn(scene.side, key.address, asset)]), NOT_GIVEN);

    // By a Solana wallet, which takes the first one's place; the first comes back as somebody new.
    const onSolana = { ...target, network: NETWORK };
    const solana = await createWallet();
    const proof = await proveBy("message", onSolana, solana);
    expectStatus(await callApi(target, "POST", "/v1/wallets", { token: visitor.token, body: proof }), 201);
    const bySolana = { target, token: (await signIn(onSolana, solana)).accessToken };
    expectStatus(await unlink(bySolana, key), 204);
    const back = await enter(target, key);
    expect(back.userId).not.toBe(visitor.userId);
    await refuse(back);

    // By a fresh wallet that is linked to the user who had it.
    const fresh = newKey();
    expectStatus(await linkKey(target, bySolana.token, fresh), 201);
    const asFresh = await enter(target, fresh);
    expect(asFresh.userId).toBe(visitor.userId);
    await refuse(asFresh, fresh, BOTH);

    // By somebody who has had nothing, to whom the first one goes.
    const other = await enter(target, newKey());
    expectStatus(
      await callApi(target, "POST", "/v1/wallets", {
        token: back.token,
        body: await proveBy("message", onSolana, await createWallet()),
      }),
      201,
    );
    expectStatus(await unlink(back, key), 204);
    expectStatus(await linkKey(target, other.token, key), 201);
    const asOther = await enter(target, key);
    expect(asOther.userId).toBe(other.userId);
    await refuse(asOther);
    expect(before - sponsorBalance()).toBe(0n);

    // What somebody else has not been given yet may go to any wallet of theirs, and then is used up.
    await relayBytes(scene, other, givenOptIn(key, asset, ONE));
    await refuse(other, other.key, BOTH);
    expect(before - sponsorBalance()).toBe(ONE + 2_000n);
  });
});
