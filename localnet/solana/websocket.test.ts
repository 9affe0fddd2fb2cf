import { generateKeyPairSigner } from "@solana/kit";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { createToken, openScene, readJson, sendRaw, sign, transfer } from "./test-support.ts";
import { SYSTEM_PROGRAM } from "./svm.ts";

interface Client extends AsyncDisposable {
  readonly socket: WebSocket;
  call(method: string, ...params: unknown[]): Promise<{ result?: unknown; error?: { code: number } }>;
  /** Every notification so far, after those that are under way have arrived. */
  notifications(): Promise<{ method: string; params: { result: unknown; subscription: number } }[]>;
}

async function connect(url: string): Promise<Client> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: object) => void>();
  const notified: { method: string; params: { result: unknown; subscription: number } }[] = [];
  let id = 0;
  socket.on("message", (data: Buffer) => {
    const message = readJson<{ id?: number } & (typeof notified)[number]>(data.toString());
    if (message.id === undefined) notified.push(message);
    else waiting.get(message.id)?.(message);
  });
  await new Promise((resolve) => socket.once("open", resolve));
  const client: Client = {
    socket,
    call(method, ...params) {
      id += 1;
      const { promise, resolve } = Promise.withResolvers<object>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      return promise;
    },
    async notifications() {
      // Messages keep their order, so the answer to any call comes after every notification sent before it.
      await client.call("flush");
      return notified;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await new Promise((resolve) => socket.once("close", resolve));
    },
  };
  return client;
}

test("slots and roots are told as they come", async () => {
  await using scene = await openScene({ finalityDepth: 2 });
  await using client = await connect(scene.net.websocketUrl);
  const { result: slots } = await client.call("slotSubscribe");
  await client.call("rootSubscribe");
  scene.net.chain.warp(3);
  const slot = Number(scene.net.chain.slot());
  expect((await client.notifications()).map(({ method, params }) => [method, params.result])).toEqual([
    ["slotNotification", { slot, parent: slot - 1, root: slot - 2 }],
    ["rootNotification", slot - 2],
  ]);
  expect(await client.call("slotUnsubscribe", slots)).toMatchObject({ result: true });
  expect((await client.call("slotUnsubscribe", slots)).error?.code).toBe(-32602);
  scene.net.chain.warp(1);
  expect((await client.notifications()).filter(({ method }) => method === "slotNotification")).toHaveLength(1);
});

test("a signature is told once, at its commitment, also when it landed before", async () => {
  await using scene = await openScene();
  await using client = await connect(scene.net.websocketUrl);
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const { result: processed } = await client.call("signatureSubscribe", sent.signature, { commitment: "processed" });
  const { result: confirmed } = await client.call("signatureSubscribe", sent.signature, { commitment: "confirmed" });
  const told = async (): Promise<unknown[]> => (await client.notifications()).map(({ params }) => params.subscription);
  await sendRaw(scene, sent);
  expect(await told()).toEqual([processed]);
  scene.net.chain.warp(1);
  expect(await told()).toEqual([processed, confirmed]);
  const { result: late } = await client.call("signatureSubscribe", sent.signature, { commitment: "confirmed" });
  scene.net.chain.warp(1);
  expect(await told()).toEqual([processed, confirmed, late]);
  expect((await client.notifications()).at(-1)?.params.result).toMatchObject({ value: { err: null } });
  expect((await client.call("signatureUnsubscribe", late)).error?.code).toBe(-32602);
});

test("accounts, programs and logs are told at their commitment", async () => {
  await using scene = await openScene();
  await using client = await connect(scene.net.websocketUrl);
  const payer = await scene.fund();
  const recipient = (await generateKeyPairSigner()).address;
  await client.call("accountSubscribe", recipient, { encoding: "base64", commitment: "processed" });
  await client.call("programSubscribe", SYSTEM_PROGRAM, { encoding: "base64", commitment: "confirmed" });
  await client.call("logsSubscribe", { mentions: [recipient] }, { commitment: "confirmed" });
  await client.call("logsSubscribe", "all", { commitment: "finalized" });
  const sent = await sign(scene, payer, [transfer(payer, recipient, 1_000_000n)]);
  await sendRaw(scene, sent);
  const methods = async (): Promise<string[]> => (await client.notifications()).map(({ method }) => method);
  expect(await methods()).toEqual(["accountNotification"]);
  scene.net.chain.warp(1);
  expect(await methods()).toEqual([
    "accountNotification",
    "programNotification",
    "programNotification",
    "logsNotification",
  ]);
  scene.net.chain.warp(31);
  expect(await methods()).toHaveLength(5);
  const all = await client.notifications();
  expect(all[0]?.params.result).toMatchObject({ value: { lamports: 1_000_000, data: ["", "base64"] } });
  expect(all[3]?.params.result).toMatchObject({ value: { signature: sent.signature, err: null } });
});

test("a change too large for the encoding asked for is told in base64, and the send succeeds", async () => {
  await using scene = await openScene();
  await using client = await connect(scene.net.websocketUrl);
  const payer = await scene.fund();
  const { instructions, account } = await createToken(scene, payer, await generateKeyPairSigner());
  await client.call("accountSubscribe", account, { commitment: "processed" });
  const sent = await sign(scene, payer, instructions);
  expect(await sendRaw(scene, sent)).toBe(sent.signature);
  const [told] = await client.notifications();
  expect(told?.params.result).toMatchObject({ value: { space: 165, data: [expect.any(String), "base64"] } });
});

test("pings are answered, kit's keep-alive is ignored, and what is not known is refused", async () => {
  await using scene = await openScene();
  await using client = await connect(scene.net.websocketUrl);
  const pong = new Promise((resolve) => client.socket.once("pong", resolve));
  client.socket.ping();
  await pong;
  client.socket.send(JSON.stringify({ jsonrpc: "2.0", method: "ping" }));
  expect((await client.call("voteSubscribe")).error?.code).toBe(-32601);
  expect((await client.call("signatureSubscribe", "short")).error?.code).toBe(-32602);
  expect(await client.notifications()).toEqual([]);
});
