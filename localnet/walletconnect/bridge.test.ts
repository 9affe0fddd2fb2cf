import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startBridge, type Bridge } from "./bridge.ts";

interface Peer {
  readonly socket: WebSocket;
  send(type: string, topic: string, payload?: string): void;
  /** The payloads so far, after those under way have arrived. */
  received(): Promise<readonly string[]>;
}

/** Messages keep their order on a socket, so an echo to oneself comes after everything sent before it. */
async function connect(bridge: Bridge): Promise<Peer> {
  const socket = new WebSocket(`${bridge.websocketUrl}?protocol=wc&version=1&env=node`);
  const own = randomUUID();
  const payloads: string[] = [];
  let echoed: (() => void) | undefined;
  socket.on("message", (data: Buffer) => {
    const { topic, payload } = JSON.parse(data.toString()) as { topic: string; payload: string };
    if (topic === own) echoed?.();
    else payloads.push(payload);
  });
  await once(socket, "open");
  const send = (type: string, topic: string, payload = ""): void => {
    socket.send(JSON.stringify({ topic, type, payload, silent: true }));
  };
  send("sub", own);
  return {
    socket,
    send,
    async received() {
      const echo = new Promise<void>((resolve) => (echoed = resolve));
      send("pub", own);
      await echo;
      return payloads;
    },
  };
}

async function withBridge(use: (bridge: Bridge) => Promise<void>): Promise<void> {
  const bridge = await startBridge();
  try {
    await use(bridge);
  } finally {
    await bridge.close();
  }
}

test("a message reaches everyone who listens to its topic, as it was sent, and nobody else", () =>
  withBridge(async (bridge) => {
    const [first, second, other] = [await connect(bridge), await connect(bridge), await connect(bridge)];
    for (const peer of [first, second]) peer.send("sub", "a");
    other.send("sub", "b");
    await Promise.all([first, second, other].map((peer) => peer.received()));
    other.send("pub", "a", "hello");
    await other.received();
    expect(await first.received()).toEqual(["hello"]);
    expect(await second.received()).toEqual(["hello"]);
    expect(await other.received()).toEqual([]);
  }));

test("what is published before anybody listens waits for the first one who does", () =>
  withBridge(async (bridge) => {
    const sender = await connect(bridge);
    for (const payload of ["1", "2"]) sender.send("pub", "a", payload);
    await sender.received();
    const late = await connect(bridge);
    late.send("sub", "a");
    expect(await late.received()).toEqual(["1", "2"]);
    const later = await connect(bridge);
    later.send("sub", "a");
    expect(await later.received()).toEqual([]);
  }));

test("a listener whose socket closed gets what it missed when it comes back", () =>
  withBridge(async (bridge) => {
    const [sender, phone] = [await connect(bridge), await connect(bridge)];
    phone.send("sub", "a");
    await phone.received();
    phone.socket.terminate();
    await expect.poll(() => bridge.connections).toBe(1);
    sender.send("pub", "a", "while you were away");
    await sender.received();
    const back = await connect(bridge);
    back.send("sub", "a");
    expect(await back.received()).toEqual(["while you were away"]);
  }));

test("acknowledgements are taken and passed on to nobody", () =>
  withBridge(async (bridge) => {
    const [peer, listener] = [await connect(bridge), await connect(bridge)];
    listener.send("sub", "a");
    await listener.received();
    peer.send("ack", "a");
    expect(await peer.received()).toEqual([]);
    expect(await listener.received()).toEqual([]);
  }));

test.each([
  ["no JSON", "hello"],
  ["no object", "null"],
  ["another type", JSON.stringify({ topic: "a", type: "get", payload: "" })],
  ["no topic", JSON.stringify({ topic: "", type: "pub", payload: "" })],
  ["a topic of any length", JSON.stringify({ topic: "a".repeat(129), type: "pub", payload: "" })],
  ["a payload that is no text", JSON.stringify({ topic: "a", type: "pub", payload: {} })],
])("a peer that sends %s is cut off", (_name, text) =>
  withBridge(async (bridge) => {
    const { socket } = await connect(bridge);
    socket.send(text);
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(1_003);
  }),
);

test("a message that is too large, or a hundred topics, cost a peer its connection and others nothing", () =>
  withBridge(async (bridge) => {
    const [large, greedy, other] = [await connect(bridge), await connect(bridge), await connect(bridge)];
    large.socket.on("error", () => undefined);
    large.send("pub", "a", "x".repeat(256 * 1024));
    for (let index = 0; index < 100; index += 1) greedy.send("sub", `topic ${index}`);
    const codes = await Promise.all([once(large.socket, "close"), once(greedy.socket, "close")]);
    expect(codes.map(([code]: number[]) => code)).toEqual([1_009, 1_008]);
    other.send("sub", "a");
    expect(await other.received()).toEqual([]);
  }));

test("a dropped bridge cuts everyone off and refuses them, and comes back with what it kept", () =>
  withBridge(async (bridge) => {
    const peer = await connect(bridge);
    peer.send("pub", "a", "kept");
    await peer.received();
    const closed = once(peer.socket, "close");
    await bridge.drop();
    await closed;
    expect(bridge.connections).toBe(0);
    await expect(connect(bridge)).rejects.toThrow("ECONNREFUSED");
    await bridge.revive();
    const back = await connect(bridge);
    back.send("sub", "a");
    expect(await back.received()).toEqual(["kept"]);
  }));

test("pings are answered, and it says hello over HTTP", () =>
  withBridge(async (bridge) => {
    const { socket } = await connect(bridge);
    socket.ping();
    await once(socket, "pong");
    expect((await fetch(`${bridge.url}/hello`)).status).toBe(200);
    expect((await fetch(bridge.url)).status).toBe(426);
  }));

test("a peer that is gone without a word is noticed, so that messages wait for its return", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await withBridge(async (bridge) => {
      const [sender, gone] = [await connect(bridge), new WebSocket(bridge.websocketUrl, { autoPong: false })];
      await once(gone, "open");
      gone.send(JSON.stringify({ topic: "a", type: "sub", payload: "", silent: true }));
      const [pinged, closed] = [once(sender.socket, "ping"), once(gone, "close")];
      vi.advanceTimersByTime(10_000);
      await pinged;
      await sender.received();
      vi.advanceTimersByTime(10_000);
      await closed;
      sender.send("pub", "a", "for later");
      await sender.received();
      const back = await connect(bridge);
      back.send("sub", "a");
      expect(await back.received()).toEqual(["for later"]);
    });
  } finally {
    vi.useRealTimers();
  }
});

test("a port that is taken is an error with its name", () =>
  withBridge(async (bridge) => {
    const port = Number(new URL(bridge.url).port);
    await expect(startBridge({ port })).rejects.toThrow("EADDRINUSE");
  }));
