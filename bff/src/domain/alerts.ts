import { isListenerStale, type NetworkFacts, type OperationFacts, type SponsorFacts } from "./operations.ts";

/** What operators are woken for. Each has its place in docs/runbooks.md; a kind is never renamed. */
export const ALERT_KINDS = [
  "sponsor.balance_low",
  "sponsor.balance_floor",
  "sponsor.balance_unknown",
  "ledger.difference",
  "ledger.overcharged",
  "listener.stale",
  "relay.stuck",
  "audit.unsealed",
  "job.stuck",
  "job.dead",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that is wrong now. Neither subject nor context names a wallet, an address or a transaction. */
export interface AlertCondition {
  readonly kind: AlertKind;
  /** The id of a sponsor or project, a network, or `deployment`. */
  readonly subject: string;
  readonly summary: string;
  /** Amounts as decimal strings in base units. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** An alert whose state somebody has still to be told. */
export interface DueAlert extends AlertCondition {
  /** The same from its opening to its end. */
  readonly id: string;
  readonly state: "open" | "resolved";
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  /** When its receiver last took a message about it. */
  readonly notifiedAt: Date | null;
}

/** What a receiver is sent. */
export interface AlertMessage {
  /** The same for the same news: who has had it may throw it away. */
  readonly messageId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A relay that would take the sponsor below its floor is refused, so what is left stays a little above it: 2 %. */
const FLOOR_PARTS = 50n;
const UNKNOWN_AFTER_SECONDS = 600;
const STUCK_AFTER_SECONDS = 300;
/** Projects take turns, so a long queue lets each of them wait; an hour is more than any queue. */
const JOB_STUCK_AFTER_SECONDS = 3_600;

function* watchSponsor(sponsor: SponsorFacts): Generator<AlertCondition> {
  const { id: subject, network, state, balance, balanceFloor, ageSeconds, lostLately } = sponsor;
  const amounts = { network, balance: balance?.toString(), balanceFloor: balanceFloor.toString() };
  // One that is being drained is meant to become empty.
  if (state === "active" && balance !== null && balance < 2n * balanceFloor) {
    const summary = `Sponsor ${subject} has less than twice its floor left.`;
    yield { kind: "sponsor.balance_low", subject, summary, context: amounts };
    if (balance < balanceFloor + balanceFloor / FLOOR_PARTS) {
      const summary = `Sponsor ${subject} is at its floor: what it is to pay for is refused.`;
      yield { kind: "sponsor.balance_floor", subject, summary, context: amounts };
    }
  }
  if (ageSeconds > UNKNOWN_AFTER_SECONDS) {
    const summary = `The balance of sponsor ${subject} could not be read for ${minutes(ageSeconds)}.`;
    yield {
      kind: "sponsor.balance_unknown",
      subject,
      summary,
      context: { ...amounts, ageSeconds: Math.round(ageSeconds), fetchErrors: sponsor.fetchErrors },
    };
  }
  if (lostLately > 0n) {
    const summary = `Sponsor ${subject} lost ${lostLately} base units that the ledger does not know of.`;
    yield { kind: "ledger.difference", subject, summary, context: { network, lost: lostLately.toString() } };
  }
}

function* watchNetwork(facts: NetworkFacts): Generator<AlertCondition> {
  const { network: subject, open, beatAgeSeconds, oldestOpenSeconds, overchargedLately } = facts;
  const ages = { beatAgeSeconds: rounded(beatAgeSeconds), oldestOpenSeconds: rounded(oldestOpenSeconds) };
  if (overchargedLately > 0) {
    const summary = `${overchargedLately} relays on ${subject} cost more than was reserved for them.`;
    yield { kind: "ledger.overcharged", subject, summary, context: { relays: overchargedLately } };
  }
  if (isListenerStale(facts)) {
    const since = minutes(beatAgeSeconds ?? oldestOpenSeconds ?? 0);
    const summary = `Nobody has looked after the relays of ${subject} for ${since}.`;
    yield { kind: "listener.stale", subject, summary, context: { ...ages, open } };
  }
  if (oldestOpenSeconds !== null && oldestOpenSeconds > STUCK_AFTER_SECONDS) {
    const summary = `A relay on ${subject} has not ended for ${minutes(oldestOpenSeconds)}.`;
    yield { kind: "relay.stuck", subject, summary, context: { ...ages, open } };
  }
}

const rounded = (seconds: number | null): number | undefined => (seconds === null ? undefined : Math.round(seconds));
const minutes = (seconds: number): string => `${Math.floor(seconds / 60)} minutes`;

function* watchJobs(
  { oldestDueSeconds, dead, deadLately }: OperationFacts["jobs"],
  isWatched: boolean,
): Generator<AlertCondition> {
  const subject = "deployment";
  if (isWatched && oldestDueSeconds > JOB_STUCK_AFTER_SECONDS) {
    const summary = `A job that is due has waited for ${minutes(oldestDueSeconds)}.`;
    const context = { oldestDueSeconds: Math.round(oldestDueSeconds), dead };
    yield { kind: "job.stuck", subject, summary, context };
  }
  if (deadLately > 0) {
    const summary = `Jobs have failed for good, and nobody has retried or discarded them: ${deadLately} in the last 24 hours.`;
    yield { kind: "job.dead", subject, summary, context: { dead, deadLately } };
  }
}

/** Everything that is wrong, by what the ledger knows. */
export function findConditions({ sponsors, networks, unsealed, jobs, isWatched }: OperationFacts): AlertCondition[] {
  return [
    ...sponsors.flatMap((sponsor) => [...watchSponsor(sponsor)]),
    ...networks.flatMap((network) => [...watchNetwork(network)]),
    ...watchJobs(jobs, isWatched),
    ...(isWatched ? unsealed : []).map(({ chain: subject, ageSeconds }): AlertCondition => {
      const summary = `The audit log of ${subject} has not been sealed for ${minutes(ageSeconds)}.`;
      return { kind: "audit.unsealed", subject, summary, context: { ageSeconds: Math.round(ageSeconds) } };
    }),
  ];
}

/** The words in which an alert is told. A reminder is news: its id holds when the message before it was taken. */
export function tellAlert(alert: DueAlert, api: string, format: (time: Date) => string): AlertMessage {
  const { id, kind, state, subject, summary, context, openedAt, resolvedAt, notifiedAt } = alert;
  const reminder = state === "open" && notifiedAt ? `.${notifiedAt.getTime()}` : "";
  return {
    messageId: `${id}.${state}${reminder}`,
    payload: {
      type: "gasless.alert",
      id,
      kind,
      state,
      subject,
      summary,
      context,
      openedAt: format(openedAt),
      ...(resolvedAt && { resolvedAt: format(resolvedAt) }),
      runbookUrl: `${api}/docs#${kind}`,
    },
  };
}
