import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface AlgodRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What the node says: a JSON body with status 200, or a whole answer; undefined leaves it to `algodAnswers`. */
export type AlgodScript = (
  request: AlgodRequest,
) =>
  | { readonly status?: number; readonly body: unknown }
  | { readonly text: string; readonly status?: number }
  | "hang"
  | undefined;

export interface ScriptedAlgod extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly AlgodRequest[];
}

export const ALGOD_GENESIS = "SGO1GKSzyE7IEPItTxCByw9x8FmnrCDexi9/cOUJOiI=";
export const ALGOD_ROUND = 1_000;

/** A node where everything is well: nobody is rekeyed, everybody has 10 ALGO, and whatever is simulated succeeds. */
function algodAnswers({ path }: AlgodRequest): { readonly status?: number; readonly body: unknown } {
  if (path.startsWith("/v2/transactions/params")) {
    return {
      body: {
        "last-round": ALGOD_ROUND,
        "min-fee": 1_000,
        fee: 0,
        "genesis-id": "testnet-v1.0",
        "genesis-hash": ALGOD_GENESIS,
        "consensus-version": "future",
      },
    };
  }
  if (path === "/v2/status") return { body: { "last-round": ALGOD_ROUND } };
  if (path.startsWith("/v2/transactions/simulate")) return { body: simulatedGroup({}) };
  if (path === "/v2/transactions") return { body: { txId: "X" } };
  const [, address] = /^\/v2\/accounts\/([A-Z2-7]{58})\?exclude=all$/.exec(path) ?? [];
  return address === undefined ? { status: 404, body: { message: "not found" } } : { body: accountOf(address) };
}

export function accountOf(address: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return { address, amount: 10_000_000, "min-balance": 100_000, round: ALGOD_ROUND, ...changes };
}

/** The answer to a simulation, of one group. */
export function simulatedGroup(
  changes: Readonly<Record<string, unknown>>,
  inner: readonly unknown[] = [],
  round = ALGOD_ROUND,
): unknown {
  const results = [{ "txn-result": { "inner-txns": inner } }, { "txn-result": {} }];
  return { "last-round": round, version: 2, "txn-groups": [{ "txn-results": results, ...changes }] };
}

/** An algod on loopback that says what it is told to. */
export async function startScriptedAlgod(script: AlgodScript = () => undefined): Promise<ScriptedAlgod> {
  const requests: AlgodRequest[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on("end", () => {
      const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers };
      requests.push(request);
      const answer = script(request) ?? algodAnswers(request);
      if (answer === "hang") return;
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      response.end("text" in answer ? answer.text : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
