import { SYSTEM_PROGRAM_ADDRESS } from "@solana-program/system";
import { address } from "@solana/kit";
import type { Stack } from "@gasless/localnet/testing/stack";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { audit } from "./audit.ts";
import { openScene, type Scene } from "./drill.ts";
import { createIntent } from "./intents.ts";
import { relaysOf, untilAllEnded } from "./ledger.ts";
import { until } from "./support.ts";

let scene: Scene;
let stack: Stack;
beforeAll(async () => {
  scene = await openScene({ postgresUrl: inject("postgresUrl"), scale: "short" });
  stack = scene.stack;
});
afterAll(() => scene.close());

/** No call may take longer than the sum of its deadlines. */
const DEADLINE_MS = 6_500;

interface Fault {
  readonly name: string;
  readonly codes: readonly string[];
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

const FAULTS: readonly Fault[] = [
  {
    name: "the node refuses connections",
    codes: ["upstream.rpc_unavailable"],
    begin: () => stack.rpc.setMode("refuse"),
    end: () => stack.rpc.setMode("pass"),
  },
  {
    name: "the node hangs",
    codes: ["upstream.rpc_timeout"],
    begin: () => stack.rpc.setMode("hang"),
    end: () => stack.rpc.setMode("pass"),
  },
  {
    name: "the node answers 502 with HTML",
    codes: ["upstream.rpc_unavailable"],
    begin: () => stack.rpc.setMode("status"),
    end: () => stack.rpc.setMode("pass"),
  },
  {
    name: "the node answers half a JSON",
    codes: ["upstream.rpc_unavailable"],
    begin: () => stack.rpc.setMode("garbage"),
    end: () => stack.rpc.setMode("pass"),
  },
  {
    name: "the node fails its simulation with a JSON-RPC error",
    codes: ["upstream.rpc_unavailable"],
    begin: async () =>
      stack.solana.faults.failNext(1, { kind: "rpc", code: -32_005, message: "Node is behind" }, "simulateTransaction"),
    end: async () => stack.solana.faults.clear(),
  },
  {
    name: "Redis refuses connections",
    codes: ["store.unavailable"],
    begin: () => stack.redis.setMode("refuse"),
    end: () => stack.redis.setMode("pass"),
  },
  {
    name: "Redis hangs",
    codes: ["store.unavailable"],
    begin: () => stack.redis.setMode("hang"),
    end: () => stack.redis.setMode("pass"),
  },
  {
    name: "Redis answers garbage",
    codes: ["store.unavailable"],
    begin: () => stack.redis.setMode("garbage"),
    end: () => stack.redis.setMode("pass"),
  },
  {
    name: "the database refuses connections",
    codes: ["store.unavailable"],
    begin: () => stack.sql.setMode("refuse"),
    end: () => stack.sql.setMode("pass"),
  },
  {
    name: "the database hangs",
    codes: ["store.unavailable"],
    begin: () => stack.sql.setMode("hang"),
    end: () => stack.sql.setMode("pass"),
  },
];

describe("a relay whose dependency fails is refused in time, and nothing is signed, charged or lost", () => {
  test.each(FAULTS)("$name", async ({ codes, begin, end }) => {
    const intent = await createIntent(scene);
    const sentBefore = stack.solana.faults.calls("sendTransaction");
    const relaysBefore = await relaysOf(stack);
    await begin();
    const startedAtMs = performance.now();
    const refused = await intent.post();
    const tookMs = performance.now() - startedAtMs;
    await end();

    expect(codes).toContain(refused.body["code"]);
    expect(refused.status).toBeGreaterThanOrEqual(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    expect(stack.solana.faults.calls("sendTransaction")).toBe(sentBefore);
    expect(await relaysOf(stack)).toEqual(relaysBefore);
    await audit(scene);

    const accepted = await intent.post();
    expect(accepted.status).toBe(202);
    await untilAllEnded(stack);
    await audit(scene);
  });

  test("a node of another cluster is refused, and its answers count for nothing", async () => {
    const intent = await createIntent(scene);
    stack.solana.faults.reportGenesisHash("4uhcVJyU9pJkvQyS88uRDiswHYSGkfXoQcHqGx8hFZ2b");
    // What this isolate has proven before still holds for a while: a new one has to ask.
    await stack.restartAfterKill();
    const refused = await intent.post();
    stack.solana.faults.reportGenesisHash(null);
    expect(refused).toMatchObject({ status: 503, body: { code: "upstream.rpc_unavailable" } });
    expect((await intent.post()).status).toBe(202);
    await untilAllEnded(stack);
    await audit(scene);
  });
});

describe("a transaction that landed while nobody looked", () => {
  test("is settled from the node's history, long after it has left the recent statuses", async () => {
    const intent = await createIntent(scene);
    const { body } = await intent.post();
    await until("the landing", async () => {
      const { value } = await stack.callRpc<{ value: (object | null)[] }>("getSignatureStatuses", [
        [body.transactionId],
      ]);
      return value[0] ?? undefined;
    });
    await stack.restartAfterKill(async () => stack.solana.chain.warp(1_000));
    const { value } = await stack.callRpc<{ value: (object | null)[] }>("getSignatureStatuses", [[body.transactionId]]);
    expect(value).toEqual([null]);
    const ended = await untilAllEnded(stack);
    expect(ended.find(({ id }) => id === body.id)).toMatchObject({ state: "finalized", charged_fee: "10000" });
    await audit(scene);
  });
});

describe("an empty sponsor", () => {
  const setSponsorBalance = (lamports: bigint): void =>
    stack.solana.chain.setAccount(address(stack.secrets.sponsorAddress), {
      lamports,
      owner: SYSTEM_PROGRAM_ADDRESS,
      executable: false,
      data: new Uint8Array(),
    });

  test.each([
    ["that does not exist", 0n],
    ["with less than one fee", 6_000n],
  ])("%s is said so at once, and the same key goes through when it is funded again", async (_name, lamports) => {
    const intent = await createIntent(scene);
    const balance = await stack.balanceOf(stack.secrets.sponsorAddress);
    setSponsorBalance(lamports);
    const refused = await intent.post();
    setSponsorBalance(balance);
    expect(refused).toMatchObject({ status: 503, body: { code: "sponsor.underfunded" } });
    expect((await intent.post()).status).toBe(202);
    await untilAllEnded(stack);
    await audit(scene);
  });
});
