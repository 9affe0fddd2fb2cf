import { createServer, type IncomingMessage } from "node:http";
import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";

export interface Delivery {
  readonly kind: string;
  readonly state: string;
  /** As it came. */
  readonly body: string;
  readonly atMs: number;
}

export interface Receiver {
  readonly url: string;
  /** What the worker signs with. */
  readonly secret: string;
  /** What came with a valid signature. */
  readonly deliveries: readonly Delivery[];
  /** How many came with another one. */
  readonly forgeries: () => number;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** An operator's webhook endpoint on loopback. It checks every message as the Standard Webhooks library does. */
export async function startReceiver(): Promise<Receiver> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const webhook = new Webhook(secret);
  const deliveries: Delivery[] = [];
  let forgeries = 0;

  async function receive(request: IncomingMessage): Promise<number> {
    const body = await readBody(request);
    try {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const { kind, state } = webhook.verify(body, Object.fromEntries(headers) as Record<string, string>) as Delivery;
      deliveries.push({ kind, state, body, atMs: performance.now() });
      return 204;
    } catch {
      forgeries += 1;
      return 401;
    }
  }

  const server = createServer((request, response) => {
    receive(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  const bound = server.address();
  return {
    url: `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}/alerts`,
    secret,
    deliveries,
    forgeries: () => forgeries,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
