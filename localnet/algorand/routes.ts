import type { AlgodRequest, Endpoint, Handler } from "./endpoint.ts";
import { answerAccount, answerAccountAsset, answerAsset } from "./endpoints/accounts.ts";
import { answerBlock, answerBlockHash, answerBlockTransactions } from "./endpoints/blocks.ts";
import {
  answerFund,
  answerGenesis,
  answerHealth,
  answerParams,
  answerStatus,
  answerSupply,
  answerVersions,
  answerWaitForBlock,
} from "./endpoints/node.ts";
import { answerSimulate } from "./endpoints/simulate.ts";
import { answerPending, answerPendingOne, answerSend } from "./endpoints/transactions.ts";

export interface Route {
  readonly endpoint: Endpoint;
  readonly handler: Handler;
  readonly params: AlgodRequest["params"];
}

const HANDLERS: Readonly<Record<Endpoint, Handler>> = {
  "GET /health": answerHealth,
  "GET /ready": answerHealth,
  "GET /genesis": answerGenesis,
  "GET /versions": answerVersions,
  "GET /v2/status": answerStatus,
  "GET /v2/status/wait-for-block-after/{round}": answerWaitForBlock,
  "GET /v2/ledger/supply": answerSupply,
  "GET /v2/transactions/params": answerParams,
  "POST /v2/transactions": answerSend,
  "POST /v2/transactions/simulate": answerSimulate,
  "GET /v2/transactions/pending": answerPending,
  "GET /v2/transactions/pending/{id}": answerPendingOne,
  "GET /v2/accounts/{address}": answerAccount,
  "GET /v2/accounts/{address}/assets/{asset}": answerAccountAsset,
  "GET /v2/assets/{asset}": answerAsset,
  "GET /v2/blocks/{round}": answerBlock,
  "GET /v2/blocks/{round}/txids": answerBlockTransactions,
  "GET /v2/blocks/{round}/hash": answerBlockHash,
  "POST /v2/dev/fund": answerFund,
};

const ROUTES = Object.entries(HANDLERS).map(([name, handler]) => {
  const [method = "", path = ""] = name.split(" ");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the keys' type
  return { endpoint: name as Endpoint, handler, method, pattern: toPattern(path) };
});

export function findRoute(method: string, path: string): Route | undefined {
  for (const { endpoint, handler, method: own, pattern } of ROUTES) {
    const match = method === own ? pattern.exec(path) : null;
    if (match !== null) return { endpoint, handler, params: match.groups ?? {} };
  }
  return undefined;
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`);
}
