import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgeSocket, startAfresh, watchBridge } from "./bridge-socket.ts";

/** A WebSocket that a test opens and closes; `made` are all there ever were. */
class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];
  constructor() {
    super();
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  succeed(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  fail(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

const last = (): FakeSocket => {
  const socket = FakeSocket.made.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

beforeEach(() => {
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.useFakeTimers();
  startAfresh();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** As the protocol's code does it: a second after an end it asks for another one. */
async function open(): Promise<BridgeSocket> {
  const socket = new BridgeSocket("ws://bridge.example");
  await vi.advanceTimersByTimeAsync(0);
  return socket;
}

describe("a socket to a bridge", () => {
  test("is opened at once, and hands on what comes and goes", async () => {
    const socket = await open();
    const heard: unknown[] = [];
    Object.assign(socket, {
      onopen: () => heard.push("open"),
      onmessage: ({ data }: MessageEvent) => heard.push(data),
      onclose: () => heard.push("close"),
    });
    last().succeed();
    socket.send("hello");
    last().dispatchEvent(new MessageEvent("message", { data: "answer" }));
    expect([socket.readyState, last().sent]).toEqual([1, ["hello"]]);
    last().fail();
    expect([heard, socket.readyState]).toEqual([["open", "answer", "close"], 3]);
  });

  test("after failures waits longer each time, up to four seconds, and at once again when one has opened", async () => {
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const before = FakeSocket.made.length;
      const startedMs = Date.now();
      await open();
      while (FakeSocket.made.length === before) await vi.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - startedMs);
      last().fail();
    }
    expect(pauses).toEqual([0, 500, 1_000, 2_000, 4_000, 4_000]);
    await open();
    await vi.advanceTimersByTimeAsync(4_000);
    last().succeed();
    last().fail();
    await open();
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeSocket.made).toHaveLength(8);
  });

  test("that is closed while it waits is never opened", async () => {
    await open();
    last().fail();
    const socket = await open();
    socket.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(FakeSocket.made).toHaveLength(1);
  });

  test("that is closed on purpose says nothing of it, and counts as no failure", async () => {
    const socket = await open();
    last().succeed();
    const closed = vi.fn();
    Object.assign(socket, { onclose: closed });
    socket.close();
    last().fail();
    expect(closed).not.toHaveBeenCalled();
    await open();
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("that the page's policy refuses is a failure like any other", async () => {
    vi.stubGlobal("WebSocket", function refuse() {
      throw new DOMException("refused", "SecurityError");
    });
    const socket = new BridgeSocket("ws://bridge.example");
    const ended: string[] = [];
    Object.assign(socket, { onerror: () => ended.push("error"), onclose: () => ended.push("close") });
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toEqual(["error", "close"]);
  });
});

test("who watches the bridge is told how it stands, and of every change once", async () => {
  const told: boolean[] = [];
  const stop = watchBridge((isOpen) => told.push(isOpen));
  await open();
  last().succeed();
  last().fail();
  await open();
  await vi.advanceTimersByTimeAsync(500);
  last().fail();
  stop();
  await open();
  await vi.advanceTimersByTimeAsync(1_000);
  last().succeed();
  expect(told).toEqual([false, true, false]);
});
