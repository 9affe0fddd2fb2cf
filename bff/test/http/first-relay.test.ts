import {
  buildTransaction,
  callApi,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("a person without SOL", () => {
  test("signs in and lands a transaction that the sponsor paid for, to the lamport", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const before = await stack.balanceOf(stack.secrets.sponsorAddress);

    const { accessToken } = await signIn(target, wallet);
    const prepared = await prepareRelay(target, accessToken);
    const wire = await buildTransaction(prepared, [memoBy(wallet, "hello")], [wallet]);
    const accepted = await postRelay(target, accessToken, wire);
    expect(accepted.status).toBe(202);
    const relay = await followRelay(target, accessToken, accepted.body.id);

    expect(relay).toMatchObject({ state: "finalized", fee: { quoted: "10000", charged: "10000" }, failure: null });
    expect(await stack.balanceOf(wallet.address)).toBe(0n);
    expect(before - (await stack.balanceOf(stack.secrets.sponsorAddress))).toBe(10_000n);
    const { body } = await callApi<{ limits: { unit: string }[] }>(
      target,
      "GET",
      `/v1/allowance?network=${target.network}`,
      { token: accessToken },
    );
    expect(body.limits.find(({ unit }) => unit === "fee")).toMatchObject({ used: "10000", held: "0" });
  });
});
