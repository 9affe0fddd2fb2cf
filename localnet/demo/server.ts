import { createHash } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { join, resolve } from "node:path";
import { isAddress } from "@solana/kit";
import { isValidAddress } from "algosdk";
import type { TokenFaucet } from "./faucet.ts";
import { createFaucetRequests, type FaucetAnswer } from "./faucet-requests.ts";
import { findPage, type PageFolders, type Templates } from "./pages.ts";
import type { StampFaucet } from "./stamp-faucet.ts";

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
  /** Without it there is no page for Algorand. */
  readonly algorand?: AlgorandDemo;
  /** The repository's own when absent. */
  readonly folders?: PageFolders;
}

/** What the pages for Algorand need. */
export interface AlgorandDemo {
  readonly network: string;
  readonly algodUrl: string;
  /** Of the WalletConnect bridge that Pera and its stand-in meet at. */
  readonly bridgeUrl: string;
  readonly faucet: StampFaucet;
}

export interface DemoSite {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, "..", "..");
const OWN_FOLDERS: PageFolders = { site: join(ROOT, "demo-site"), widget: join(ROOT, "widget", "dist") };
const PLAIN = "text/plain; charset=utf-8";
const SAFETY = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
};

/** Serves the demo pages, the built widget and the faucets. What is not built yet is a 404 until it is. */
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
  const { folders = OWN_FOLDERS } = options;
  const templates = listTemplates(options, origin);
  const faucets = listFaucets(options, origin);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const reply = (status: number, headers: OutgoingHttpHeaders, body: string | Uint8Array = "") => {
      const length = Buffer.byteLength(body);
      const content = status === 304 ? {} : { "content-length": length };
      const safety = { "content-security-policy": describePolicy(listTargets(options, path)), ...SAFETY };
      response.writeHead(status, { ...safety, ...content, ...headers }).end(request.method === "HEAD" ? "" : body);
    };
    const ask = faucets[path];
    if (ask !== undefined) {
      if (request.method !== "POST") return refuse(reply, 405, "POST");
      const { status, body } = await ask(request);
      const retry = status === 429 ? { "retry-after": "60" } : {};
      const headers = { "content-type": "application/json", "cache-control": "no-store", ...retry };
      return reply(status, headers, JSON.stringify(body));
    }
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(reply, 405, "GET, HEAD");
    // "localhost" is another origin, which the project does not list: nothing on the page would work there.
    if (path in templates && isLocalName(request, origin)) return reply(307, { location: origin + path });

    const page = await findPage(path, folders, templates);
    if (page === undefined) return refuse(reply, 404);
    const etag = `"${createHash("sha256").update(page.body).digest("base64url")}"`;
    const shared = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
    const headers = { "content-type": page.type, "cache-control": "no-cache", etag, ...(page.isShared && shared) };
    if (request.headers["if-none-match"] === etag) return reply(304, headers);
    return reply(200, headers, page.body);
  };
}

function listTemplates(
  { api, rpcUrl, network, publishableKey, faucet, algorand }: DemoSiteOptions,
  origin: string,
): Templates {
  const shared = { origin, api, publishableKey };
  const switches = { faucet: faucet === undefined ? "off" : "on", algorand: algorand === undefined ? "off" : "on" };
  const home = { file: "index.html", values: { ...shared, rpcUrl, network, ...switches } };
  if (algorand === undefined) return { "/": home };
  const { assetId, counter } = algorand.faucet;
  const { network: algorandNetwork, algodUrl, bridgeUrl } = algorand;
  const values = { ...shared, algorandNetwork, algodUrl, bridgeUrl, assetId: assetId.toString(), counter };
  return {
    "/": home,
    "/algorand": { file: "algorand.html", values },
    "/algorand/phone": { file: "phone.html", values },
  };
}

type Ask = (request: IncomingMessage) => Promise<FaucetAnswer>;

function listFaucets({ faucet, algorand }: DemoSiteOptions, origin: string): Readonly<Record<string, Ask>> {
  const tokens = faucet && { give: faucet.give, isOwner: isAddress, chain: "Solana", goods: "tokens" };
  const stamps = algorand && {
    give: algorand.faucet.give,
    isOwner: isAlgorandAddress,
    chain: "Algorand",
    goods: "stamps",
  };
  return {
    ...(tokens && { "/faucet": createFaucetRequests(tokens, origin) }),
    ...(stamps && { "/algorand/faucet": createFaucetRequests(stamps, origin) }),
  };
}

function isAlgorandAddress(text: string): text is string {
  return isValidAddress(text);
}

/** Whom the scripts of a page may talk to. */
function listTargets({ api, rpcUrl, algorand }: DemoSiteOptions, path: string): readonly string[] {
  if (algorand === undefined || !path.startsWith("/algorand")) return [api, rpcUrl];
  return [api, algorand.algodUrl, algorand.bridgeUrl.replace(/^http/, "ws")];
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
