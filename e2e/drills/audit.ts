import assert from "node:assert/strict";
import type { Stack } from "@gasless/localnet/testing/stack";
import type { Scene } from "./drill.ts";
import { inDigits, inSeconds, sleep } from "./support.ts";

/** What a relay may take to its end beyond the life of its transaction. */
const GRACE_MS = 120_000;
/** Production's cron comes each minute: here nobody wants to wait for it. */
const CRON_MS = 5_000;
const POLL_MS = 100;
/** A message's first key pays for it; anybody may name the sponsor further behind. */
const FEE_PAYER = 0;

/** Lets every relay come to its end by itself. @throws when one is older than its life and the grace */
export async function untilEnded({ stack, lifeMs }: Scene): Promise<void> {
  let cronAtMs = performance.now();
  for (;;) {
    const { rows } = await stack.database.query<{ open: number; late: string[] | null }>(
      `select count(*)::integer as open, array_agg(id || ' ' || state)
          filter (where created_at < clock_timestamp() - make_interval(secs => $1 / 1000.0)) as late
        from relays where state in ('received', 'signed', 'submitted', 'confirmed')`,
      [lifeMs + GRACE_MS],
    );
    assert.deepEqual(rows[0]?.late ?? [], [], "relays that should have ended");
    if (rows[0]?.open === 0) return;
    if (performance.now() > cronAtMs) {
      await stack.worker().runScheduled();
      cronAtMs = performance.now() + CRON_MS;
    }
    await sleep(POLL_MS);
  }
}

/** Spent and held of every limit are the sums of their rows, and no more than the limit. */
async function assertBooksAddUp({ database }: Stack): Promise<void> {
  const { rows } = await database.query(`
    select u.*, h.used as rows_used, h.held as rows_held, l.amount from limit_usage u
      left join lateral (select coalesce(sum(h.charged), 0) as used,
          coalesce(sum(h.amount) filter (where h.charged is null), 0) as held
        from relay_holds h where h.limit_id = u.limit_id and h.subject = u.subject and h.window_start = u.window_start) h on true
      join limits l on l.id = u.limit_id
    where u.used <> h.used or u.held <> h.held or u.used + u.held > l.amount`);
  assert.deepEqual(rows, [], "counters that are not the sum of their rows, or above their limit");
  const { rows: unlike } = await database.query(`
    select r.id, r.state, h.unit, h.charged, r.charged_fee, r.charged_rent from relays r join relay_holds h on h.relay_id = r.id
      where h.charged is distinct from case when r.state not in ('finalized', 'failed') then 0
        when h.unit = 'relays' then h.amount when h.unit = 'fee' then r.charged_fee else r.charged_rent end`);
  assert.deepEqual(unlike, [], "holds that were not charged what their relay was");
}

interface Landed {
  readonly signature: string;
  readonly feePayer: string;
  readonly messageHash: string;
  readonly fee: bigint;
}

/** Everything on the chain that a sponsor has paid for, whoever sent it. */
function listLanded({ solana, sponsors }: Stack): Landed[] {
  const own = new Set(sponsors.map(({ address }) => address));
  return Array.from(solana.chain.history.newestFirst()).flatMap(({ signature, messageHash, details }) => {
    assert(details, "the chain has forgotten a transaction: the drill is too large for it");
    const feePayer = details.keys[FEE_PAYER] ?? "";
    const { fee } = details.meta;
    assert(typeof fee === "number" || typeof fee === "bigint");
    return own.has(feePayer) ? [{ signature, feePayer, messageHash, fee: BigInt(fee) }] : [];
  });
}

/** From the reservation to the last word, of whichever took longest. */
async function readSlowestMs({ database }: Stack): Promise<number> {
  const { rows } = await database.query<{ slowest_ms: number }>(
    "select coalesce(max(extract(epoch from updated_at - created_at) * 1000), 0)::float as slowest_ms from relays",
  );
  return rows[0]?.slowest_ms ?? 0;
}

interface Charged {
  readonly id: string;
  readonly state: string;
  readonly sponsor: string;
  readonly transaction_id: string | null;
  readonly fee: string;
  readonly rent: string;
  readonly keys: number;
}

/** What landed and what was charged are the same transactions: one relay each, one key each. */
async function assertChainAgrees({ database, ...stack }: Stack): Promise<{ relays: Charged[]; landed: Landed[] }> {
  const landed = listLanded({ database, ...stack });
  const { rows: relays } = await database.query<Charged>(
    `select r.id, r.state, r.sponsor, r.transaction_id, coalesce(r.charged_fee, 0)::text as fee,
        coalesce(r.charged_rent, 0)::text as rent,
        (select count(*)::integer from idempotency_keys k where k.relay_id = r.id) as keys
      from relays r`,
  );
  assert.equal(new Set(landed.map(({ messageHash }) => messageHash)).size, landed.length, "a message landed twice");
  const paid = landed.map(({ signature, feePayer, fee }) => `${signature} ${feePayer} ${fee}`).toSorted();
  const charged = relays
    .filter(({ state }) => state === "finalized" || state === "failed")
    .map(({ transaction_id, sponsor, fee }) => `${transaction_id} ${sponsor} ${fee}`)
    .toSorted();
  assert.deepEqual(charged, paid, "what was charged is not what landed");
  const shared = relays.filter(({ keys }) => keys > 1);
  assert.deepEqual(shared, [], "relays with more than one idempotency key");
  return { relays, landed };
}

/** What sponsors lost is what their relays were charged, besides what the drill took itself. */
async function assertNothingElseIsGone(
  { stack, sponsorsBefore, taken }: Scene,
  relays: readonly Charged[],
): Promise<bigint> {
  let total = 0n;
  for (const [address, before] of sponsorsBefore) {
    const charged = relays
      .filter(({ sponsor }) => sponsor === address)
      .reduce((sum, { fee, rent }) => sum + BigInt(fee) + BigInt(rent), 0n);
    const lost = before - (await stack.balanceOf(address)) - (taken.get(address) ?? 0n);
    assert.equal(lost, charged, `sponsor ${address} lost something else than was charged`);
    total += charged;
  }
  return total;
}

function assertNoSecretIsLogged({ stack, hidden }: Scene): void {
  const log = stack.log.join("\n");
  // Whose secret it is must not be told here either.
  const told = [...hidden].filter((secret) => log.includes(secret)).length;
  assert.equal(told, 0, "secrets stand in the log");
}

/** The watchdog has held balances against the ledger by itself all the while: it must not have found a loss either. */
async function assertWatchdogAgrees({ stack, receiver, taken }: Scene): Promise<void> {
  await stack.worker().runScheduled();
  assert.equal(receiver.forgeries(), 0, "alerts with a wrong signature");
  const losses = receiver.deliveries.filter(({ kind }) => kind.startsWith("ledger."));
  if (taken.size === 0) assert.deepEqual(losses, [], "the watchdog has found a loss");
}

/**
 * Lets every relay end, then holds the ledger against the chain and the sponsors' real balances.
 * Gives what it found, in one line. @throws AssertionError naming what does not agree
 */
export async function audit(scene: Scene): Promise<string> {
  const { stack, hidden } = scene;
  await untilEnded(scene);
  await assertBooksAddUp(stack);
  const { relays, landed } = await assertChainAgrees(stack);
  const charged = await assertNothingElseIsGone(scene, relays);
  await assertWatchdogAgrees(scene);
  assertNoSecretIsLogged(scene);
  return (
    `audit: ${inDigits(relays.length)} relays, the slowest ended after ${inSeconds(await readSlowestMs(stack))}; ` +
    `${inDigits(landed.length)} landed, ${inDigits(charged)} lamports charged and lost; none of ${inDigits(hidden.size)} secrets in ${inDigits(stack.log.length)} log lines`
  );
}
