import { type FaultKind, type PostRpc, RpcFault } from "../../rpc/fault.ts";
import { exchangeHttp, parseJson } from "../../rpc/http-exchange.ts";
import { GENESIS_METHOD } from "../../rpc/provider.ts";

interface Request {
  readonly path: string;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

const GET_PARAMS = "/v2/transactions/params";

/** What is asked of algod, by the names that stand in metrics. Parameters are our own: addresses, ids and rounds. Source: algod REST API v2. */
const REQUESTS: Readonly<Record<string, (...params: readonly unknown[]) => Request>> = {
  [GENESIS_METHOD]: () => ({ path: GET_PARAMS }),
  params: () => ({ path: GET_PARAMS }),
  status: () => ({ path: "/v2/status" }),
  account: (address) => ({ path: `/v2/accounts/${String(address)}?exclude=all` }),
  holding: (address, asset) => ({ path: `/v2/accounts/${String(address)}/assets/${String(asset)}` }),
  pending: (transactionId) => ({ path: `/v2/transactions/pending/${String(transactionId)}?format=json` }),
  block_txids: (round) => ({ path: `/v2/blocks/${String(round)}/txids` }),
  simulate: (bytes) => post("/v2/transactions/simulate?format=json", "application/msgpack", bytes),
  send: (bytes) => post("/v2/transactions", "application/x-binary", bytes),
};

const post = (path: string, type: string, bytes: unknown): Request => ({
  path,
  body: { type, bytes: Uint8Array.from(bytes as Uint8Array) },
});

/** Answers that say something of the question: it cannot be, or there is no such thing. */
const MEANINGFUL = new Set([200, 400, 404]);

function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parseJson(text);
  } catch {
    return undefined;
  }
}

/** One REST call: `{status, body}`, not looked at yet; of the genesis method its hash alone. */
export const askAlgod: PostRpc = async ({ name, url, apiToken }, method, params, timeoutMs) => {
  const fault = (kind: FaultKind, what: string): RpcFault => new RpcFault(name, method, kind, what);
  const request = REQUESTS[method]?.(...params);
  if (!request) throw fault("error", "no such method");
  const { path, body } = request;
  const { status, text } = await exchangeHttp(
    { provider: name, method, url: url.replace(/\/+$/, "") + path, timeoutMs },
    {
      method: body ? "POST" : "GET",
      headers: {
        accept: "application/json",
        ...(body && { "content-type": body.type }),
        ...(apiToken !== undefined && { "x-algo-api-token": apiToken }),
      },
      ...(body && { body: body.bytes }),
    },
  );
  if (!MEANINGFUL.has(status)) throw fault("refused", `status ${status}`);
  const answer = readJson(text);
  if (typeof answer !== "object" || answer === null) throw fault("error", "no JSON answer");
  if (method !== GENESIS_METHOD) return { status, body: answer };
  return (answer as { readonly "genesis-hash"?: unknown })["genesis-hash"];
};
