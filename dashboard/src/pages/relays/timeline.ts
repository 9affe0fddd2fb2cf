import type { ManagedRelayDetail } from "../../../../bff/src/contract/manage/traffic.ts";

type State = ManagedRelayDetail["state"];

export interface Step {
  readonly name: string;
  /** What it means that it is there. */
  readonly meaning: string;
  /** `reached`: it was, at a time that is not kept. */
  readonly status: "reached" | "current" | "waiting" | "ended-badly";
  readonly at: string | undefined;
  /** Since the step before, where both times are known. */
  readonly tookMs: number | undefined;
}

const WAY = ["received", "signed", "submitted", "confirmed", "finalized"] as const;
type OnTheWay = (typeof WAY)[number];

const MEANINGS: Readonly<Record<State, string>> = {
  received: "The policy agreed, and its cost is held in every budget.",
  signed: "The sponsor signed: from here on it may land.",
  submitted: "It was sent to the network.",
  confirmed: "Most of the network has seen it; a fork could still take it back.",
  finalized: "It stands for good, and was charged.",
  rejected: "It was refused before the sponsor signed: nothing was spent.",
  failed: "It landed, and its program failed: the fee was spent all the same.",
  expired: "It can never land any more: nothing was spent, and what was held is free again.",
};

const isOnTheWay = (state: State): state is OnTheWay => (WAY as readonly string[]).includes(state);

/** How far one that ended badly is known to have come. */
const LAST_BEFORE: Readonly<Record<Exclude<State, OnTheWay>, OnTheWay>> = {
  rejected: "received",
  failed: "submitted",
  expired: "signed",
};

/** A relay's way in steps, with the times that are kept: its beginning, its signature and its latest change. */
export function timelineOf(relay: Pick<ManagedRelayDetail, "state" | "createdAt" | "signedAt" | "updatedAt">): Step[] {
  const { state, createdAt, signedAt, updatedAt } = relay;
  const reached = isOnTheWay(state) ? WAY.indexOf(state) : WAY.indexOf(LAST_BEFORE[state]);
  const timeOf = (name: State): string | undefined => {
    if (name === "received") return createdAt;
    if (name === "signed" && signedAt !== null) return signedAt;
    return name === state ? updatedAt : undefined;
  };
  const names: State[] = isOnTheWay(state) ? [...WAY] : [...WAY.slice(0, reached + 1), state];
  let before: string | undefined;
  return names.map((name, index) => {
    const at = index <= reached || name === state ? timeOf(name) : undefined;
    const tookMs = at !== undefined && before !== undefined ? Date.parse(at) - Date.parse(before) : undefined;
    before = at;
    const isWaiting = isOnTheWay(state) && index > reached;
    const status = !isOnTheWay(name) ? "ended-badly" : name === state ? "current" : isWaiting ? "waiting" : "reached";
    return { name, meaning: MEANINGS[name], status, at, tookMs };
  });
}

const FINAL: ReadonlySet<State> = new Set(["finalized", "rejected", "failed", "expired"]);
export const isFinal = (state: State): boolean => FINAL.has(state);

/** How long a step took: "340 ms", "2.4 s", "3 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
