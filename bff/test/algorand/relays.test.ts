import { callApi, expectStatus } from "@gasless/localnet/api-client";
import {
  callPrepare,
  createAlgorandWallet,
  type GroupRelay,
  postGroup,
  prepareGroup,
  signGroup,
  signInAlgorand,
} from "@gasless/localnet/algorand-client";
import type { AlgorandSide, Stack } from "@gasless/localnet/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetTransfer, createAsset, enterAlgorand, optIn, payment, waitForEnd } from "../support/algorand.ts";
import { startStack } from "../support/stack.ts";

let stack: Stack;
let side: AlgorandSide;

beforeAll(async () => {
  stack = await startStack({ algorand: {} });
  if (!stack.algorand) throw new Error("the stack has no Algorand");
  side = stack.algorand;
});
afterAll(() => stack.close());

const balanceOf = (address: string): bigint => side.localnet.chain.balanceOf(address);

describe("an account that holds nothing", () => {
  test("signs in, is given the minimum balance, opts in and receives an asset, all paid by the sponsor", async () => {
    const project = await side.createProject();
    const asset = createAsset(side);
    const { wallet, tokens, relay } = await enterAlgorand(project);
    expect(tokens.session.wallet).toBe(`algorand:${wallet.address}`);
    const before = balanceOf(side.sponsor.address);

    const accepted = expectStatus(await relay([optIn(side, wallet.address, asset)]), 202);
    expect(accepted).toMatchObject({ state: "signed", fee: { quoted: "2000" }, rent: { quoted: "200000" } });
    expect(accepted.transactionIds).toHaveLength(2);
    expect(accepted).not.toHaveProperty("transactionId");
    const ended = await waitForEnd(project, tokens.accessToken, accepted.id);
    expect(ended).toMatchObject({ state: "finalized", fee: { charged: "2000" }, rent: { charged: "200000" } });
    expect(before - balanceOf(side.sponsor.address)).toBe(202_000n);
    expect(balanceOf(wallet.address)).toBe(200_000n);

    side.localnet.chain.giveAsset(asset, wallet.address, 5n);
    const friend = await enterAlgorand(project);
    const second = expectStatus(await friend.relay([optIn(side, friend.wallet.address, asset)]), 202);
    await waitForEnd(project, friend.tokens.accessToken, second.id);
    const sent = expectStatus(
      await relay([assetTransfer(side, wallet.address, friend.wallet.address, asset, 2n)]),
      202,
    );
    const landed = await waitForEnd(project, tokens.accessToken, sent.id);
    expect(landed).toMatchObject({ state: "finalized", fee: { charged: "2000" }, rent: { charged: "0" } });
  });
});

test("what is prepared is the whole group: the sponsor's payment first, the user's transactions behind it without a fee", async () => {
  const project = await side.createProject();
  const { wallet, tokens } = await enterAlgorand(project);
  const prepared = await prepareGroup(project, tokens.accessToken, [payment(side, wallet.address, wallet.address, 0n)]);
  expect(prepared).toMatchObject({ feePayer: side.sponsor.address, quote: { fee: "2000", rent: "0" } });
  expect(prepared.lifetime.lastValid - prepared.lifetime.firstValid).toBeLessThanOrEqual(20);
  expect(prepared.lifetime.genesisHash).toBe(side.localnet.genesisHash);
  expect(prepared.transactions).toHaveLength(2);
});

test("the minimum balance for an asset is given once to each user", async () => {
  const project = await side.createProject();
  const asset = createAsset(side);
  const { wallet, tokens, relay } = await enterAlgorand(project);
  const first = expectStatus(await relay([optIn(side, wallet.address, asset)]), 202);
  await waitForEnd(project, tokens.accessToken, first.id);
  // Somebody who is paid to hold an asset gives it back, and asks again.
  const allowance = await callApi(project, "GET", "/v1/allowance?network=algorand:localnet", {
    token: tokens.accessToken,
  });
  expect(JSON.stringify(allowance.body)).toContain('"used":"200000"');
  const other = createAsset(side);
  const second = expectStatus(await relay([optIn(side, wallet.address, other)]), 202);
  await waitForEnd(project, tokens.accessToken, second.id);
  expect(balanceOf(wallet.address)).toBe(300_000n);
  const third = createAsset(side);
  const refused = await callPrepare(project, tokens.accessToken, [
    optIn(side, wallet.address, asset),
    optIn(side, wallet.address, third),
  ]);
  expect(refused).toMatchObject({ status: 403, body: { code: "policy.rent_not_sponsored" } });
});

test("the same group is sponsored once, and its key gets the same answer", async () => {
  const project = await side.createProject();
  const { wallet, tokens } = await enterAlgorand(project);
  const prepared = await prepareGroup(project, tokens.accessToken, [payment(side, wallet.address, wallet.address, 0n)]);
  const signed = signGroup(prepared.transactions, [wallet]);
  const [first, again] = [
    await postGroup(project, tokens.accessToken, signed, { idempotencyKey: "one" }),
    await postGroup(project, tokens.accessToken, signed, { idempotencyKey: "one" }),
  ];
  expect(first.status).toBe(202);
  expect(again.body).toEqual(first.body);
  const other = await postGroup(project, tokens.accessToken, signed, { idempotencyKey: "two" });
  expect(other).toMatchObject({ status: 409, body: { code: "transaction.already_relayed" } });
});

test("the decision is explained rule by rule, signed or not", async () => {
  const project = await side.createProject();
  const { wallet, tokens } = await enterAlgorand(project);
  const prepared = await prepareGroup(project, tokens.accessToken, [payment(side, wallet.address, wallet.address, 0n)]);
  const body = { network: project.network, transactions: prepared.transactions };
  const explained = await callApi<{ verdict: string; trace: { rule: string; verdict: string }[] }>(
    project,
    "POST",
    "/v1/relays/explain",
    { token: tokens.accessToken, body },
  );
  expect(explained.status).toBe(200);
  expect(explained.body.verdict).toBe("sponsor");
  expect(explained.body.trace.filter(({ verdict }) => verdict === "fail")).toEqual([]);
});

test("a group is refused where a transaction is expected, and the other way round", async () => {
  const project = await side.createProject();
  const { tokens } = await enterAlgorand(project);
  const body = { network: project.network, transaction: "AAAA" };
  const answer = await callApi(project, "POST", "/v1/relays", {
    token: tokens.accessToken,
    body,
    headers: { "idempotency-key": "x" },
  });
  expect(answer).toMatchObject({ status: 422, body: { code: "request.invalid" } });
});

test("what has not landed when its rounds are over is proven to be expired, and its minimum balance can be given again", async () => {
  const project = await side.createProject();
  const asset = createAsset(side);
  const wallet = createAlgorandWallet();
  const { accessToken } = await signInAlgorand(project, wallet);
  const give = async (): Promise<GroupRelay> => {
    const prepared = await prepareGroup(project, accessToken, [optIn(side, wallet.address, asset)]);
    return expectStatus(await postGroup(project, accessToken, signGroup(prepared.transactions, [wallet])), 202);
  };
  // It waits in the pool and falls out of it, as what is never taken into a block does.
  side.localnet.faults.stopLanding({ keep: true });
  const lost = await give();
  side.localnet.chain.warp(25);
  side.localnet.faults.resumeLanding();
  await stack.database.query("update relays set checks = 30, next_check_at = now() where id = $1", [lost.id]);
  expect(await waitForEnd(project, accessToken, lost.id)).toMatchObject({ state: "expired", rent: { charged: "0" } });
  const second = await give();
  expect(await waitForEnd(project, accessToken, second.id)).toMatchObject({ state: "finalized" });
});
