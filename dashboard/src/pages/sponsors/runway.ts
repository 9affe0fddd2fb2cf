import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import type { Tone } from "../../ui/badge.ts";

const LOW_DAYS = 7;

export interface Runway {
  readonly text: string;
  readonly tone: Tone;
  /** What to do, when something is to be done. */
  readonly advice: string | undefined;
}

type Funded = Pick<ManagedSponsor, "balance" | "balanceFloor" | "runwayDays" | "canSign" | "state">;

const daysText = (days: number): string => {
  if (days >= 365) return "more than a year";
  return days < 1 ? "less than a day" : `${Math.floor(days)} ${Math.floor(days) === 1 ? "day" : "days"}`;
};

/** How long a sponsor goes on at the pace of the last seven days. */
export function runwayOf({ balance, balanceFloor, runwayDays, canSign, state }: Funded): Runway {
  if (!canSign) {
    return { text: "cannot sign", tone: "bad", advice: "This deployment does not have its key: it pays for nothing." };
  }
  if (balance === null) return { text: "not looked at yet", tone: "neutral", advice: undefined };
  if (BigInt(balance) <= BigInt(balanceFloor)) {
    return { text: "at its floor", tone: "bad", advice: "It pays for nothing until it is funded." };
  }
  if (runwayDays === null) return { text: "unused lately", tone: "neutral", advice: undefined };
  const isLow = runwayDays < LOW_DAYS && state === "active";
  return {
    text: daysText(runwayDays),
    tone: isLow ? (runwayDays < 1 ? "bad" : "warn") : "good",
    advice: isLow ? "Fund its address, or rotate to another sponsor." : undefined,
  };
}

/** Why it could not pay for anything new; undefined when it could. */
export function whyNotPay({ state, canSign, balance, balanceFloor }: Omit<Funded, "runwayDays">): string | undefined {
  if (state !== "active") return `This sponsor is ${state}: it pays for nothing new.`;
  if (!canSign) return "This deployment does not have its key.";
  return balance !== null && BigInt(balance) <= BigInt(balanceFloor)
    ? "Its balance is at its floor: fund it first."
    : undefined;
}

/** Who could take over: any other of the same network that could pay. */
export const successorsOf = (sponsor: ManagedSponsor, all: readonly ManagedSponsor[]): ManagedSponsor[] =>
  all.filter((each) => each.id !== sponsor.id && each.network === sponsor.network && whyNotPay(each) === undefined);
