import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { createDelayLine } from "./delay-line.ts";
import { openListener } from "./listener.ts";
import { createReadyWatch, isOnlyTerminate } from "./postgres-wire.ts";

/**
 * - `refuse`: nobody listens, open connections end.
 * - `hang`: connections are accepted, no byte passes; open ones freeze and go on later.
 * - `reset`: connections are reset, open ones too.
 */
export type TcpMode = "pass" | "refuse" | "hang" | "reset";

export type TcpProxyCounters = {
  /** Accepted since the start. */
  readonly connections: number;
  readonly openConnections: number;
  /** Times a client sent something and waited for PostgreSQL; start-up and authentication are not counted. */
  readonly waits: number;
};

export type TcpProxy = {
  readonly port: number;
  setMode(mode: TcpMode): Promise<void>;
  /** Network latency in front of PostgreSQL, for each wait. */
  setQueryDelayMs(delayMs: number): void;
  readonly counters: TcpProxyCounters;
  close(): Promise<void>;
};

export type TcpProxyOptions = {
  readonly targetHost: string;
  readonly targetPort: number;
  /** 0 takes a free one. */
  readonly port?: number;
};

const HOST = "127.0.0.1";

type State = { mode: TcpMode; queryDelayMs: number; connections: number; waits: number };

/** A TCP forwarder on loopback that can be told to misbehave. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const state: State = { mode: "pass", queryDelayMs: 0, connections: 0, waits: 0 };
  const thaws = new Set<() => void>();
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    state.connections += 1;
    if (state.mode === "reset") {
      client.resetAndDestroy();
      return;
    }
    const thaw = createTunnel(client, options, state);
    thaws.add(thaw);
    client.once("close", () => thaws.delete(thaw));
    thaw();
  });
  const listener = await openListener(server, HOST, options.port ?? 0);

  return {
    port: listener.port,
    setMode: async (mode) => {
      state.mode = mode;
      if (mode === "refuse") return listener.close();
      await listener.open();
      if (mode === "reset") for (const socket of listener.sockets) socket.resetAndDestroy();
      for (const thaw of thaws) thaw();
    },
    setQueryDelayMs: (delayMs) => {
      state.queryDelayMs = delayMs;
    },
    get counters() {
      return { connections: state.connections, openConnections: listener.sockets.size, waits: state.waits };
    },
    close: () => listener.close(),
  };
}

/** Joins a client to the target; what it gives freezes or thaws the tunnel as the mode says. */
function createTunnel(client: Socket, { targetHost, targetPort }: TcpProxyOptions, state: State): () => void {
  let target: Socket | undefined;

  function openTarget(): Socket {
    const socket = connect({ host: targetHost, port: targetPort, noDelay: true, allowHalfOpen: true });
    socket.on("error", () => client.destroy());
    socket.once("close", () => client.destroy());
    client.once("close", () => socket.destroy());
    joinFlows(client, socket, state);
    return socket;
  }

  return () => {
    if (client.destroyed) return;
    if (state.mode === "hang") {
      client.pause();
      target?.pause();
      return;
    }
    target ??= openTarget();
    client.resume();
    target.resume();
  };
}

function joinFlows(client: Socket, target: Socket, state: State): void {
  const isPastStartUp = createReadyWatch();
  let isReady = false;
  let isAwaitingReply = false;
  const toTarget = createDelayLine<Uint8Array | "end">((item) => {
    if (item === "end") target.end();
    else if (!target.write(item)) client.pause();
  });

  client.on("data", (chunk: Uint8Array) => {
    const isQuery = isReady && !isOnlyTerminate(chunk);
    // One flush may arrive in pieces: what a client sends before a reply is one wait.
    if (isQuery && !isAwaitingReply) state.waits += 1;
    isAwaitingReply ||= isQuery;
    toTarget.push(chunk, isQuery ? state.queryDelayMs : 0);
  });
  client.once("end", () => toTarget.push("end", 0));
  client.once("close", () => toTarget.clear());
  target.on("data", (chunk: Uint8Array) => {
    isAwaitingReply = false;
    isReady ||= isPastStartUp(chunk);
    if (!client.write(chunk)) target.pause();
  });
  target.once("end", () => client.end());
  resumeOnDrain(client, target, state);
  resumeOnDrain(target, client, state);
}

/** The reader rests while the writer is full. */
function resumeOnDrain(writer: Socket, reader: Socket, state: State): void {
  writer.on("drain", () => {
    if (state.mode !== "hang") reader.resume();
  });
}
