import { formatUnits } from "../amounts.ts";
import { line, long, showLines } from "../receipt-lines.ts";
import type { Purchase } from "../relay-run.ts";
import type { Account, Algod, LandedTransaction } from "./algod.ts";
import { type Bill, readBill } from "./bill.ts";

const POLL_MS = 400;
const MAX_POLLS = 25;
const ALGO_DECIMALS = 6;

/** Writes what the chain says about a group of transactions: who paid what, and what the visitor was given. */
export async function showReceipt(algod: Algod, { title, relay, visitor }: Purchase): Promise<void> {
  const ids = relay.transactionIds ?? [];
  const landed = await Promise.all(ids.map((id) => waitFor(algod, id)));
  const found = landed.filter((transaction) => transaction !== undefined);
  if (found.length === 0 || found.length < ids.length) return;
  const bill = readBill(found, visitor);
  const now = await algod.readAccount(visitor);
  const lines = [
    line("For", title),
    line("Network fee", algos(bill.fee)),
    line("Paid by the sponsor", algos(bill.fee - bill.paidByVisitor)),
    line("Paid by you", algos(bill.paidByVisitor), "total"),
    ...(bill.given > 0n ? [line("Given to you", `${algos(bill.given)}, as your minimum balance`)] : []),
    line("Your ALGO", describeBalance(now, bill)),
    line("Your stamps now", now.stamps === undefined ? "none accepted yet" : String(now.stamps)),
    line("Round", String(bill.round)),
    line("State", relay.state, "state"),
    long("Group", relay.groupId ?? ""),
    ...ids.map((id, index) => long(`Transaction ${index + 1} of ${ids.length}`, id)),
    long("Your wallet", visitor),
    long("Sponsor", bill.sponsor),
  ];
  showLines(
    lines,
    `The network fee of ${algos(bill.fee)} was paid by the sponsor. You paid ${algos(bill.paidByVisitor)}.`,
  );
}

async function waitFor(algod: Algod, id: string): Promise<LandedTransaction | undefined> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const found = await algod.readTransaction(id).catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

function describeBalance({ microalgos, minBalance }: Account, { given, paidByVisitor }: Bill): string {
  const before = microalgos - given + paidByVisitor;
  const held = microalgos > 0n && microalgos === minBalance ? " (all of it your minimum balance)" : "";
  return `${algos(before)} before, ${algos(microalgos)} after${held}`;
}

function algos(microalgos: bigint): string {
  return `${formatUnits(microalgos, ALGO_DECIMALS)} ALGO`;
}
