import type { Server, Socket } from "node:net";

/** A server that can vanish from its port and come back to it. */
export type Listener = {
  readonly port: number;
  /** The open connections. */
  readonly sockets: ReadonlySet<Socket>;
  /** Listens again on the same port. */
  open(): Promise<void>;
  /** From here on connections are refused; open ones are dropped. */
  close(): Promise<void>;
};

export async function openListener(server: Server, host: string, wantedPort: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    // A fault makes every kind of error; the close that follows says enough.
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listen(server, host, wantedPort);
  return {
    port,
    sockets,
    open: async () => {
      if (!server.listening) await listen(server, host, port);
    },
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
