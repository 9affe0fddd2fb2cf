import type { BacktestResult } from "../../contract/manage/jobs.ts";

/** Of each decision, what a draft changes about it. `refusedOtherwise`: it was refused for what no policy decides. */
const CHANGES = ["stillSponsored", "newlySponsored", "newlyRefused", "stillRefused", "refusedOtherwise"] as const;
type Change = (typeof CHANGES)[number];

const MAX_SAMPLES = 50;

/** A decision of the past beside what a draft says to the same bytes. Codes are null where it is sponsored. */
export interface Judgement {
  readonly decisionId: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The policy of that time has nothing against it: budgets, lists, nodes or signatures had. */
  readonly isOtherwise: boolean;
  readonly fee: bigint;
  readonly rent: bigint;
}

interface Outcome {
  count: number;
  fee: string;
  rent: string;
}

/** How a backtest stands: JSON, kept with its job from one part to the next. */
export interface Tally {
  readonly decisions: number;
  readonly unreadable: number;
  readonly outcomes: Readonly<Record<Change, Readonly<Outcome>>>;
  readonly codes: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  readonly samples: BacktestResult["samples"];
}

const NOTHING = { count: 0, fee: "0", rent: "0" };
export const EMPTY_TALLY: Tally = {
  decisions: 0,
  unreadable: 0,
  outcomes: {
    stillSponsored: NOTHING,
    newlySponsored: NOTHING,
    newlyRefused: NOTHING,
    stillRefused: NOTHING,
    refusedOtherwise: NOTHING,
  },
  codes: {},
  samples: [],
};

/** Refusals of this kind hold whatever a policy says. */
export const isNoPolicys = (code: string): boolean => !code.startsWith("policy.") || code === "policy.account_denied";

function changeOf({ before, after, isOtherwise }: Judgement): Change {
  if (before === null) return after === null ? "stillSponsored" : "newlyRefused";
  if (after !== null) return "stillRefused";
  return isOtherwise ? "refusedOtherwise" : "newlySponsored";
}

/** The tally with more judgements; `unreadable` are the codes of decisions whose bytes cannot be read. */
export function addToTally(tally: Tally, judgements: readonly Judgement[], unreadable: readonly string[]): Tally {
  const outcomes = Object.fromEntries(
    CHANGES.map((change) => {
      const { count, fee, rent } = tally.outcomes[change];
      return [change, { count, fee: BigInt(fee), rent: BigInt(rent) }];
    }),
  ) as Record<Change, { count: number; fee: bigint; rent: bigint }>;
  const codes = new Map(Object.entries(tally.codes).map(([code, counts]) => [code, { ...counts }]));
  const countCode = (code: string | null, side: "before" | "after"): void => {
    if (code === null) return;
    const counts = codes.get(code) ?? { before: 0, after: 0 };
    counts[side] += 1;
    codes.set(code, counts);
  };
  const samples = [...tally.samples];
  for (const judgement of judgements) {
    const { decisionId, before, after, fee, rent } = judgement;
    const change = changeOf(judgement);
    const outcome = outcomes[change];
    outcome.count += 1;
    outcome.fee += fee;
    outcome.rent += rent;
    countCode(before, "before");
    countCode(change === "refusedOtherwise" ? before : after, "after");
    if ((change === "newlySponsored" || change === "newlyRefused") && samples.length < MAX_SAMPLES) {
      samples.push({ decisionId, change, before, after });
    }
  }
  for (const code of unreadable) {
    countCode(code, "before");
    countCode(code, "after");
  }
  return {
    decisions: tally.decisions + judgements.length + unreadable.length,
    unreadable: tally.unreadable + unreadable.length,
    outcomes: Object.fromEntries(
      CHANGES.map((change) => {
        const { count, fee, rent } = outcomes[change];
        return [change, { count, fee: fee.toString(), rent: rent.toString() }];
      }),
    ) as Record<Change, Outcome>,
    codes: Object.fromEntries(codes),
    samples,
  };
}

export function resultOf({ outcomes, codes, ...tally }: Tally, days: number): BacktestResult {
  return {
    kind: "backtest",
    days,
    ...tally,
    ...outcomes,
    codes: Object.entries(codes)
      .map(([code, counts]) => ({ code, ...counts }))
      .toSorted(
        (one, other) => other.before + other.after - one.before - one.after || (one.code < other.code ? -1 : 1),
      ),
  };
}
