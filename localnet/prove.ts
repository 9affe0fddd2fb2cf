import { address, createSolanaRpc, signature, type Address } from "@solana/kit";
import {
  type ApiTarget,
  buildTransaction,
  callApi,
  expectStatus,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  type RelayBody,
  signIn,
} from "./api-client.ts";
import { createWallet } from "./wallet.ts";

/** Lamports of an address, as the chain itself tells them. */
export interface Balance {
  readonly address: string;
  readonly before: bigint;
  readonly after: bigint;
}

export interface Proof {
  readonly transactionId: string;
  readonly relayId: string;
  readonly state: string;
  readonly slot: number;
  readonly user: Balance;
  readonly sponsor: Balance;
  readonly feeCharged: bigint;
  readonly tookMs: number;
}

/**
 * A person without SOL lands a transaction that the sponsor pays for: a new wallet, the API, a real chain.
 * @throws Error saying which step was answered otherwise, or which balance disagrees
 */
export async function proveFirstRelay(target: ApiTarget, rpcUrl: string): Promise<Proof> {
  const startedAtMs = performance.now();
  const readBalance = createBalanceReader(rpcUrl);
  const wallet = await createWallet();
  const sponsor = await readSponsor(target);
  const before = { user: await readBalance(wallet.address), sponsor: await readBalance(sponsor) };

  const { accessToken } = await signIn(target, wallet);
  const prepared = await prepareRelay(target, accessToken);
  const memo = memoBy(wallet, "The first relay: paid by a sponsor, signed by a wallet without SOL.");
  const wire = await buildTransaction(prepared, [memo], [wallet]);
  const accepted = expectStatus(await postRelay(target, accessToken, wire), 202);
  const relay = await followRelay(target, accessToken, accepted.id);

  const transactionId = await assertFinalized(relay, rpcUrl);
  const after = { user: await readBalance(wallet.address), sponsor: await readBalance(sponsor) };
  const proof = {
    transactionId,
    relayId: relay.id,
    state: relay.state,
    slot: relay.slot ?? 0,
    user: { address: wallet.address, before: before.user, after: after.user },
    sponsor: { address: sponsor, before: before.sponsor, after: after.sponsor },
    feeCharged: BigInt(relay.fee.charged ?? 0),
    tookMs: performance.now() - startedAtMs,
  };
  assertPaidBySponsor(proof);
  return proof;
}

interface ConfigBody {
  readonly networks: readonly { readonly network: string; readonly sponsorAddress: string }[];
}

async function readSponsor(target: ApiTarget): Promise<Address> {
  const { networks } = expectStatus(await callApi<ConfigBody>(target, "GET", "/v1/config"), 200);
  const found = networks.find(({ network }) => network === target.network);
  if (found === undefined) throw new Error(`the project has no sponsor on ${target.network}`);
  return address(found.sponsorAddress);
}

function createBalanceReader(rpcUrl: string): (owner: Address) => Promise<bigint> {
  const rpc = createSolanaRpc(rpcUrl);
  return async (owner) => (await rpc.getBalance(owner, { commitment: "confirmed" }).send()).value;
}

/** The relay's word is not enough: the node must know the transaction, finalized and without an error. */
async function assertFinalized(relay: RelayBody, rpcUrl: string): Promise<string> {
  const { state, transactionId, failure } = relay;
  if (state !== "finalized" || transactionId === undefined) {
    throw new Error(`the relay ${relay.id} ended as ${state}: ${failure?.code ?? ""} ${failure?.detail ?? ""}`.trim());
  }
  const { value } = await createSolanaRpc(rpcUrl)
    .getSignatureStatuses([signature(transactionId)])
    .send();
  const status = value[0];
  if (status?.confirmationStatus === "finalized" && status.err === null) return transactionId;
  throw new Error(`the chain does not have ${transactionId} as finalized: ${status?.confirmationStatus ?? "unknown"}`);
}

function assertPaidBySponsor({ user, sponsor, feeCharged }: Proof): void {
  if (user.before !== 0n || user.after !== 0n) {
    throw new Error(`the user had ${user.before} lamports and now has ${user.after}; both must be 0`);
  }
  // Other relays may have been paid meanwhile, so that more may be gone, but never less.
  if (feeCharged <= 0n || sponsor.before - sponsor.after < feeCharged) {
    throw new Error(
      `the relay was charged ${feeCharged} lamports, the sponsor had ${sponsor.before} and now has ${sponsor.after}`,
    );
  }
}

const USAGE = "Usage: node localnet/prove.ts <api> <publishable key> <origin> <Solana RPC>\n";

async function main([api, publishableKey, origin, rpcUrl, ...rest]: readonly string[]): Promise<number> {
  if (
    api === undefined ||
    publishableKey === undefined ||
    origin === undefined ||
    rpcUrl === undefined ||
    rest.length
  ) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const proof = await proveFirstRelay({ api, origin, publishableKey, network: "solana:localnet" }, rpcUrl);
    const text = (_name: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
    process.stdout.write(`${JSON.stringify(proof, text, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`The first relay failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));
