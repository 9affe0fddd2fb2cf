import { type Refusal, refuse } from "../../src/domain/refusal.ts";
import { failure, type Result, success } from "../../src/domain/result.ts";

export interface Limit {
  readonly id: string;
  readonly subjectKind: "user" | "project" | "policy" | "sponsor";
  readonly window: "hour" | "lifetime";
  readonly unit: "relays" | "fee" | "rent";
  readonly amount: bigint;
}

export interface Usage {
  readonly limit: Limit;
  readonly subject: string;
  used: bigint;
  held: bigint;
}

export interface Hold {
  readonly usage: Usage;
  readonly amount: bigint;
  charged: bigint | null;
}

const HOUR_MS = 3_600_000;

function exhausted({ subjectKind, window }: Limit): Refusal {
  if (subjectKind === "sponsor") return refuse("sponsor.unavailable", "used up");
  if (window === "lifetime") return refuse("budget.lifetime_exhausted", "used up");
  return refuse(subjectKind === "user" ? "budget.user_exhausted" : "budget.project_exhausted", "used up");
}

/** limit_usage and relay_holds. */
export function createModelLedger(limits: readonly Limit[], checksLimits: boolean) {
  const usage = new Map<string, Usage>();
  const inOrder = limits.toSorted((left, right) => (left.id < right.id ? -1 : 1));

  function usageOf(limit: Limit, userId: string, policyVersion: number, nowMs: number): Usage {
    const subject =
      limit.subjectKind === "user" ? userId : limit.subjectKind === "policy" ? `version ${policyVersion}` : "";
    const windowStartMs = limit.window === "lifetime" ? 0 : nowMs - (nowMs % HOUR_MS);
    const key = `${limit.id} ${subject} ${windowStartMs}`;
    const known = usage.get(key);
    if (known) return known;
    const fresh: Usage = { limit, subject, used: 0n, held: 0n };
    usage.set(key, fresh);
    return fresh;
  }

  /** Every limit or none. */
  function hold(
    userId: string,
    policyVersion: number,
    fee: bigint,
    rent: bigint,
    nowMs: number,
  ): Result<Hold[], Refusal> {
    const holds: Hold[] = [];
    for (const limit of inOrder) {
      const amount = limit.unit === "relays" ? 1n : limit.unit === "fee" ? fee : rent;
      if (amount === 0n) continue;
      const row = usageOf(limit, userId, policyVersion, nowMs);
      if (checksLimits && row.used + row.held + amount > limit.amount) {
        for (const taken of holds) taken.usage.held -= taken.amount;
        return failure(exhausted(limit));
      }
      row.held += amount;
      holds.push({ usage: row, amount, charged: null });
    }
    return success(holds);
  }

  /** Turns open holds into charges, or into nothing. */
  function settle(holds: readonly Hold[], charge: { chargedFee: bigint; chargedRent: bigint } | undefined): void {
    for (const held of holds) {
      if (held.charged !== null) continue;
      const { unit } = held.usage.limit;
      if (!charge) held.charged = 0n;
      else held.charged = unit === "relays" ? held.amount : unit === "fee" ? charge.chargedFee : charge.chargedRent;
      held.usage.held -= held.amount;
      held.usage.used += held.charged;
    }
  }

  return { usage: usage as ReadonlyMap<string, Readonly<Usage>>, hold, settle };
}
