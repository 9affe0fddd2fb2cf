import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

/** A message as it came. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly message: AlertBody;
}

interface AlertBody {
  readonly type: string;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly subject: string;
  readonly summary: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly openedAt: string;
  readonly resolvedAt?: string;
  readonly runbookUrl: string;
}

/** Somebody whom alerts are sent to; `secret` is what they are signed with. */
export async function startReceiver() {
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;
  const received: Received[] = [];
  let status = 204;
  let headers: Record<string, string> = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push({ headers: request.headers, body, message: JSON.parse(body) as AlertBody });
      // Status 0: it says nothing.
      if (status !== 0) response.writeHead(status, headers).end(status === 200 ? "x".repeat(1_000_000) : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts?team=on-call`;
  return {
    url,
    received,
    bindings: { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret },
    answer(newStatus: number, newHeaders: Record<string, string> = {}): void {
      status = newStatus;
      headers = newHeaders;
    },
    /** What came since the last call. */
    take: (): Received[] => received.splice(0),
    /** As a receiver would. @throws when the signature is not of these bytes */
    verify: ({ body, headers: sent }: Received) => new Webhook(secret).verify(body, sent as Record<string, string>),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
