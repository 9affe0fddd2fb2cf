import { type ApiTarget, callApi, prepareRelay, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** No wait for a node is longer than 2.5 seconds. */
const PATIENCE_MS = 4_000;

let stack: Stack;
let target: ApiTarget;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
  token = (await signIn(target, await createWallet())).accessToken;
});
afterAll(() => stack.close());
afterEach(async () => {
  stack.rpc.onRequest(undefined);
  await stack.rpc.setMode("pass");
});

const prepare = (body: unknown = { network: target.network }) =>
  callApi(target, "POST", "/v1/relays/prepare", { token, body });

const rpc = (body: unknown) => stack.rpc.setMode("status", { status: 200, body: JSON.stringify(body) });
const lifetimeOf = (value: unknown) => rpc({ jsonrpc: "2.0", id: 1, result: { context: { slot: 1 }, value } });

describe("preparing a relay", () => {
  // First of all: a node that has shown its genesis is believed for a while.
  test("refuses a node of another network, though it answers well", async () => {
    stack.rpc.onRequest(({ body }) =>
      body.includes("getGenesisHash")
        ? { status: 200, body: '{"jsonrpc":"2.0","id":1,"result":"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"}' }
        : "forward",
    );
    const problem = expectProblem(await prepare(), 503, "upstream.rpc_unavailable");
    expect(problem.retryAfterSeconds).toBe(1);
    expect(JSON.stringify(problem)).not.toContain("5eykt");
  });

  test("gives fee payer, lifetime and quote", async () => {
    const { status, body } = await prepare();
    expect(status).toBe(200);
    expect(body).toEqual({
      network: target.network,
      feePayer: stack.secrets.sponsorAddress,
      lifetime: {
        blockhash: expect.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{43,44}$/),
        lastValidBlockHeight: expect.any(Number),
      },
      quote: { fee: "10000", rent: "0" },
    });
  });

  test("is for one network that the project has", async () => {
    expectInvalid(await prepare({}), ["/network"]);
    expectInvalid(await prepare({ network: target.network, transactions: [] }), ["/transactions"]);
    expectProblem(await prepare({ network: "solana:devnet" }), 403, "project.network_not_enabled");
  });

  test.each([
    ["refuses", () => stack.rpc.setMode("refuse")],
    ["answers 502 with a page", () => stack.rpc.setMode("status")],
    ["answers 429", () => stack.rpc.setMode("status", { status: 429, body: "slow down" })],
    ["answers garbage", () => stack.rpc.setMode("garbage")],
    [
      "answers an error in a 200",
      () => rpc({ jsonrpc: "2.0", id: 1, error: { code: -32_005, message: "behind by 99" } }),
    ],
    ["answers nothing in a 200", () => rpc({ jsonrpc: "2.0", id: 1 })],
    ["answers another shape", () => lifetimeOf({ blockhash: 7 })],
    ["answers a list", () => rpc([])],
    ["answers null", () => rpc(null)],
  ])("while the node %s says so, and when to ask again", async (_name, fail) => {
    await fail();
    const problem = expectProblem(await prepare(), 503, "upstream.rpc_unavailable");
    expect(problem.retryAfterSeconds).toBe(1);
    expect(problem.detail).not.toMatch(/behind|slow|127\.0\.0\.1/);
    await stack.rpc.setMode("pass");
    await prepareRelay(target, token);
  });

  test("while the node hangs says so in bounded time, and works again afterwards", async () => {
    await stack.rpc.setMode("hang");
    const startedAtMs = performance.now();
    const problem = expectProblem(await prepare(), 504, "upstream.rpc_timeout");
    expect(performance.now() - startedAtMs).toBeLessThan(PATIENCE_MS);
    expect(problem.retryAfterSeconds).toBe(1);
    await stack.rpc.setMode("pass");
    await prepareRelay(target, token);
  });

  test("without a published policy is refused without asking the node", async () => {
    const bare = await stack.createProject();
    await stack.database.query("update project_networks set policy_version = null where project_id = $1", [
      bare.projectId,
    ]);
    const { accessToken } = await signIn(bare, await createWallet());
    const before = stack.rpc.counters.requests;
    const answer = await callApi(bare, "POST", "/v1/relays/prepare", {
      token: accessToken,
      body: { network: bare.network },
    });
    expectProblem(answer, 403, "policy.not_published");
    expect(stack.rpc.counters.requests).toBe(before);
  });
});

describe("a node that is down", () => {
  test("keeps nobody from signing in, reading or asking for a challenge", async () => {
    await stack.rpc.setMode("refuse");
    const tokens = await signIn(target, await createWallet());
    const { status } = await callApi(target, "GET", "/v1/relays", { token: tokens.accessToken });
    expect(status).toBe(200);
  });
});
