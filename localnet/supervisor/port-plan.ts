import { randomInt } from "node:crypto";
import { assertPortFree } from "../ports.ts";

export interface PortPlan {
  readonly api: number;
  readonly demo: number;
  readonly solanaRpc: number;
  readonly solanaWebsocket: number;
  readonly algod: number;
  /** Of WalletConnect, where a page and Pera meet. */
  readonly walletBridge: number;
}

/** Below the ports that the system hands out itself, so that no outgoing connection sits on a planned one. */
const LOWEST_FREE = 10_000;
const HIGHEST_FREE = 32_000;
const MAX_ATTEMPTS = 50;

/**
 * The ports of a stack, free at this moment; a port of 0 takes free ones.
 * @throws Error naming the port that is taken, its purpose and the way out
 */
export async function planPorts(host: string, port: number): Promise<PortPlan> {
  if (port !== 0) return assertPlanFree(host, layOut(port));
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
    const plan = layOut(randomInt(LOWEST_FREE, HIGHEST_FREE));
    const free = await assertPlanFree(host, plan).catch(() => undefined);
    if (free !== undefined) return free;
  }
  return assertPlanFree(host, layOut(randomInt(LOWEST_FREE, HIGHEST_FREE)));
}

function layOut(api: number): PortPlan {
  const solana = { solanaRpc: api + 10, solanaWebsocket: api + 11 };
  return { api, demo: api + 1, ...solana, algod: api + 20, walletBridge: api + 21 };
}

async function assertPlanFree(host: string, plan: PortPlan): Promise<PortPlan> {
  await assertPortFree(host, plan.api, "API");
  await assertPortFree(host, plan.demo, "demo page");
  await assertPortFree(host, plan.solanaRpc, "Solana RPC");
  await assertPortFree(host, plan.solanaWebsocket, "Solana websocket");
  await assertPortFree(host, plan.algod, "Algorand node");
  await assertPortFree(host, plan.walletBridge, "WalletConnect bridge");
  return plan;
}

/** The address under which a browser on this machine reaches `port`: "every interface" is not one. */
export function localUrl(host: string, port: number, scheme: "http" | "ws" = "http"): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  // As a browser writes it: a default port is left out.
  return new URL(`${scheme}://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`).origin;
}
