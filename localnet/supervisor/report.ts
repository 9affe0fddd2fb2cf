import type { Proof } from "../prove.ts";
import { DEMO_PROJECT_ID, NETWORK } from "./demo-project.ts";
import type { StackMemory } from "./memory.ts";
import type { Stack } from "./stack.ts";

/** One line for programs. Parts that are not there yet are absent. */
export function describeAsJson(stack: Stack): string {
  const { api, demo, solanaRpc, algod, publishableKey, origin, metricsToken, claimCode } = stack;
  const rpc = { solana: solanaRpc, algorand: algod };
  const dashboard = dashboardOf(stack);
  return JSON.stringify({
    api,
    demo,
    dashboard,
    rpc,
    publishableKey,
    origin,
    network: NETWORK,
    metricsToken,
    claimCode,
  });
}

const dashboardOf = ({ api }: Stack): string => `${api}/dashboard`;

/** How to become the owner of what there is none of yet; the code leaves the address as soon as the page has it. */
function describeDashboard(stack: Stack): string {
  const { claimCode } = stack;
  return claimCode === undefined
    ? `or ${dashboardOf(stack)} — steer your project`
    : `or ${dashboardOf(stack)}#claim=${claimCode} — become its owner, and steer your project`;
}

export function describeStack(stack: Stack): string {
  const others = stack.developerOrigins;
  return `
Gasless is running.

  Open ${stack.demo} — sign the guestbook without owning any SOL
  or ${stack.demo}/algorand — collect stamps without owning any ALGO
  ${describeDashboard(stack)}
     (no wallet in this browser? choose Pera there, and paste its link at ${stack.demo}/algorand/phone)

${table({
  API: stack.api,
  documentation: `${stack.api}/docs`,
  "Solana RPC": `${stack.solanaRpc}, ${stack.solanaWebsocket}`,
  "Algorand node": stack.algod,
  "Pera bridge": stack.walletBridge,
  project: DEMO_PROJECT_ID,
  "publishable key": stack.publishableKey,
  "allowed origins": [stack.origin, stack.api, ...others].join(", "),
  data: stack.data.path,
  "worker's log": stack.data.workerLog,
})}
`;
}

export function describeProof(proof: Proof): string {
  return `
A first relay, by a new wallet without any SOL:

${table({
  transaction: proof.transactionId,
  relay: `${proof.relayId}, ${proof.state} in slot ${proof.slot} after ${seconds(proof.tookMs)}`,
  user: proof.user.address,
  "user's balance": describeChange(proof.user),
  sponsor: proof.sponsor.address,
  "sponsor's balance": describeChange(proof.sponsor),
  "fee charged": `${proof.feeCharged} lamports`,
})}
`;
}

export function describeCosts(memory: StackMemory, sinceStartMs: number): string {
  const note = memory.measure === "PSS" ? "PSS" : "RSS, shared pages counted more than once";
  return `
${table({
  memory: `${memory.megabytes} MB in ${memory.processes} processes (${note})`,
  "since start": seconds(sinceStartMs),
})}

Ctrl-C stops it.
`;
}

function describeChange({ before, after }: Proof["user"]): string {
  return `${before} lamports before, ${after} after`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function table(rows: Readonly<Record<string, string>>): string {
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(17)} ${value}`)
    .join("\n");
}
