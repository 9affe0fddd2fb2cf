import { formatUnits } from "./amounts.ts";
import { line, long, markFinal, showLines } from "./receipt-lines.ts";
import type { Purchase } from "./relay-run.ts";
import type { Chain, ChainTransaction } from "./rpc.ts";

const POLL_MS = 400;
const MAX_POLLS = 25;
const SOL_DECIMALS = 9;

/** Writes what the chain says about a transaction: who had how much before and after, and who paid the fee. */
export async function showReceipt(chain: Chain, { title, relay, visitor }: Purchase): Promise<void> {
  const { transactionId = "" } = relay;
  const found = await waitFor(chain, transactionId);
  if (found === undefined) return;
  const { accountKeys } = found.transaction.message;
  const sponsor = accountKeys[0] ?? "";
  const own = await chain.readLamports(visitor);
  const paid = sponsor === visitor ? found.meta.fee : 0;
  const lines = [
    line("For", title),
    line("Network fee", sol(found.meta.fee)),
    line("Paid by the sponsor", sol(found.meta.fee - paid)),
    line("Paid by you", sol(paid), "total"),
    line("Your SOL", describeChange(found, visitor)),
    line("Sponsor's SOL", describeChange(found, sponsor)),
    ...describeTokens(found, visitor).map((text) => line("Your tokens", text)),
    line("Your SOL now", sol(own)),
    line("Slot", String(found.slot)),
    line("State", "confirmed", "state"),
    long("Transaction", transactionId),
    long("Your wallet", visitor),
    long("Sponsor", sponsor),
  ];
  showLines(lines, `The network fee of ${sol(found.meta.fee)} was paid by the sponsor. You paid ${sol(paid)}.`);
}

/** The transaction cannot go away any more. */
export function markFinalized({ relay }: Purchase): void {
  if (relay.transactionId !== undefined) markFinal(relay.transactionId);
}

async function waitFor(chain: Chain, id: string): Promise<ChainTransaction | undefined> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const found = await chain.readTransaction(id).catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

function describeChange({ transaction, meta }: ChainTransaction, address: string): string {
  const index = transaction.message.accountKeys.indexOf(address);
  return `${sol(meta.preBalances[index] ?? 0)} before, ${sol(meta.postBalances[index] ?? 0)} after`;
}

function describeTokens({ meta }: ChainTransaction, owner: string): readonly string[] {
  return meta.postTokenBalances
    .filter((balance) => balance.owner === owner)
    .map(({ mint, uiTokenAmount }) => {
      const before = meta.preTokenBalances.find((balance) => balance.owner === owner && balance.mint === mint);
      return `${before?.uiTokenAmount.uiAmountString ?? "0"} before, ${uiTokenAmount.uiAmountString} after`;
    });
}

function sol(lamports: number): string {
  return `${formatUnits(BigInt(lamports), SOL_DECIMALS)} SOL`;
}
