import { setTimeout as sleep } from "node:timers/promises";
import { type Address, createSolanaRpc, lamports } from "@solana/kit";

const SOL = 1_000_000_000n;
const LOW_LAMPORTS = SOL;
const FULL_LAMPORTS = 10n * SOL;
const POLL_MS = 100;
const MAX_POLLS = 100;

/** Fills an address up from the localnet's own faucet when it runs low. */
export async function topUp(rpcUrl: string, owner: Address): Promise<void> {
  const rpc = createSolanaRpc(rpcUrl);
  const readBalance = async () => (await rpc.getBalance(owner, { commitment: "confirmed" }).send()).value;
  const balance = await readBalance();
  if (balance >= LOW_LAMPORTS) return;
  await rpc.requestAirdrop(owner, lamports(FULL_LAMPORTS - balance)).send();
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    if ((await readBalance()) >= LOW_LAMPORTS) return;
    await sleep(POLL_MS);
  }
  throw new Error(`the airdrop to ${owner} did not arrive`);
}
