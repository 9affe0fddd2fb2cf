import { createHash } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { join, resolve } from "node:path";
import type { TokenFaucet } from "./faucet.ts";
import { createFaucetRequests } from "./faucet-requests.ts";
import { findPage, type PageFolders } from "./pages.ts";

export interface DemoSiteOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Under which a browser opens the page; made of host and port when absent. */
  readonly origin?: string;
  readonly api: string;
  readonly rpcUrl: string;
  readonly network: string;
  readonly publishableKey: string;
  /** Without one the page offers no tokens. */
  readonly faucet?: TokenFaucet;
  /** The repository's own when absent. */
  readonly folders?: PageFolders;
}

export interface DemoSite {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, "..", "..");
const OWN_FOLDERS: PageFolders = { site: join(ROOT, "demo-site"), widget: join(ROOT, "widget", "dist") };
const PLAIN = "text/plain; charset=utf-8";

/** Serves the demo page, the built widget and the token faucet. What is not built yet is a 404 until it is. */
export async function startDemoSite(options: DemoSiteOptions): Promise<DemoSite> {
  const server = createServer();
  const port = await listen(server, options.host, options.port);
  const url = options.origin ?? `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`;
  const answer = createAnswer(options, url);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => response.destroy());
  });
  return {
    url,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createAnswer(options: DemoSiteOptions, origin: string) {
  const { api, rpcUrl, network, publishableKey, faucet, folders = OWN_FOLDERS } = options;
  const values = { origin, api, rpcUrl, network, publishableKey, faucet: faucet === undefined ? "off" : "on" };
  const ask = faucet && createFaucetRequests(faucet, origin);
  const safety = {
    "content-security-policy": describePolicy([api, rpcUrl]),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const reply = (status: number, headers: OutgoingHttpHeaders, body: string | Uint8Array = "") => {
      const length = Buffer.byteLength(body);
      const content = status === 304 ? {} : { "content-length": length };
      response.writeHead(status, { ...safety, ...content, ...headers }).end(request.method === "HEAD" ? "" : body);
    };
    if (path === "/faucet" && ask !== undefined) {
      if (request.method !== "POST") return refuse(reply, 405, "POST");
      const { status, body } = await ask(request);
      const retry = status === 429 ? { "retry-after": "60" } : {};
      const headers = { "content-type": "application/json", "cache-control": "no-store", ...retry };
      return reply(status, headers, JSON.stringify(body));
    }
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(reply, 405, "GET, HEAD");
    // "localhost" is another origin, which the project does not list: nothing on the page would work there.
    if (path === "/" && isLocalName(request, origin)) return reply(307, { location: `${origin}/` });

    const page = await findPage(path, folders, values);
    if (page === undefined) return refuse(reply, 404);
    const etag = `"${createHash("sha256").update(page.body).digest("base64url")}"`;
    const shared = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
    const headers = { "content-type": page.type, "cache-control": "no-cache", etag, ...(page.isShared && shared) };
    if (request.headers["if-none-match"] === etag) return reply(304, headers);
    return reply(200, headers, page.body);
  };
}

type Reply = (status: number, headers: OutgoingHttpHeaders, body?: string) => void;

function refuse(reply: Reply, status: 404 | 405, allow?: string): void {
  reply(status, { "content-type": PLAIN, ...(allow && { allow }) }, status === 404 ? "Not found\n" : "Not allowed\n");
}

function describePolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${connect.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

function isLocalName({ headers }: IncomingMessage, origin: string): boolean {
  const own = new URL(origin);
  return own.hostname === "127.0.0.1" && headers.host === `localhost:${own.port}`;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, () => {
      const bound = server.address();
      done(typeof bound === "object" && bound !== null ? bound.port : port);
    });
  });
}
