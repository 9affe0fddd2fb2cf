import {
  type ApiAnswer,
  type ApiTarget,
  buildTransaction,
  memoBy,
  postRelay,
  prepareRelay,
  type RelayBody,
  signIn,
} from "@gasless/localnet/api-client";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { expect, inject } from "vitest";

export const startDrillStack = (): Promise<Stack> =>
  startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, slotMs: 20, finalityDepth: 4 });

const POLL_MS = 20;
const POLLS = 500;

/** Looks again and again until `look` gives something, for at most ten seconds. */
export async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (let poll = 0; poll < POLLS; poll++) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${what} has not happened`);
}

/** One signed transaction of a new user, and how to post it: always the same bytes under the same key. */
export interface Intent {
  readonly target: ApiTarget;
  readonly token: string;
  post(key?: string): Promise<ApiAnswer<RelayBody & Readonly<Record<string, unknown>>>>;
}

export async function createIntent(stack: Stack, given?: ApiTarget): Promise<Intent> {
  const target = given ?? (await stack.createProject());
  const wallet = await createWallet();
  const { accessToken: token } = await signIn(target, wallet);
  const prepared = await prepareRelay(target, token);
  const wire = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
  const ownKey = crypto.randomUUID();
  return { target, token, post: (key = ownKey) => postRelay(target, token, wire, key) };
}

export interface StoredRelay {
  readonly id: string;
  readonly state: string;
  readonly charged_fee: string | null;
}

export async function relaysOf({ database }: Stack): Promise<StoredRelay[]> {
  const { rows } = await database.query<StoredRelay>("select id, state, charged_fee from relays order by id");
  return rows;
}

/** Lets the time pass after which relays are due and leases have died, then runs the net under the alarms. */
export async function sweepNow({ database, worker }: Stack): Promise<void> {
  await database.query(
    `update relays set next_check_at = clock_timestamp(), lease_until = least(lease_until, clock_timestamp())
     where id in (select id from relays where state in ('received', 'signed', 'submitted', 'confirmed') for update skip locked)`,
  );
  await worker().runScheduled();
}

export const untilAllEnded = (stack: Stack): Promise<StoredRelay[]> =>
  until("the end of every relay", async () => {
    await sweepNow(stack);
    const relays = await relaysOf(stack);
    return relays.every(({ state }) => ["finalized", "rejected", "failed", "expired"].includes(state))
      ? relays
      : undefined;
  });

/** The ledger adds up, and has charged what the sponsor really lost. */
export async function auditLedger({ database, balanceOf, secrets }: Stack, sponsorBefore: bigint): Promise<void> {
  const { rows: unbalanced } = await database.query(`
    select u.* from limit_usage u
      left join lateral (select coalesce(sum(h.charged), 0) as used,
          coalesce(sum(h.amount) filter (where h.charged is null), 0) as held
        from relay_holds h where h.limit_id = u.limit_id and h.subject = u.subject and h.window_start = u.window_start) h on true
      join limits l on l.id = u.limit_id
    where u.used <> h.used or u.held <> h.held or u.used + u.held > l.amount`);
  expect(unbalanced).toEqual([]);
  const { rows } = await database.query<{ charged: string; landed: string }>(
    "select coalesce(sum(charged_fee + charged_rent), 0) as charged, count(distinct transaction_id) as landed from relays",
  );
  const lost = sponsorBefore - (await balanceOf(secrets.sponsorAddress));
  expect(lost).toBe(BigInt(rows[0]?.charged ?? 0));
}
