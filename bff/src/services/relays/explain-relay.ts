import type { Explanation, RelayRequest } from "../../contract/index.ts";
import type { Explainable, ReadTransaction, SimulatedTransaction } from "../../domain/chain-transaction.ts";
import type { NetworkName } from "../../domain/network.ts";
import type { TraceEntry } from "../../domain/policy/trace.ts";
import type { Project } from "../../domain/project.ts";
import type { RelayPreview } from "../../domain/reservation.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { requireSession } from "../auth/sessions.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { floorOf, partsOf, readTransaction, withLinkedWallets } from "./read-transaction.ts";

const UNFIT = "Asked of a node only when the transaction has the right form.";

const isFailure = ({ verdict }: TraceEntry): boolean => verdict === "fail";

function traceLedger(
  { deniedAccount, isWalletAllowed, givenAllotment, limits }: RelayPreview,
  { cost, allotments }: ReadTransaction,
  { isOperator }: Asker,
): readonly TraceEntry[] {
  const denylist: TraceEntry = deniedAccount
    ? {
        rule: "accounts-are-not-denied",
        verdict: "fail",
        code: "policy.account_denied",
        observed: deniedAccount,
        hint: "Take the account out of the transaction, or off the project's denylist.",
      }
    : { rule: "accounts-are-not-denied", verdict: "pass" };
  const allowlist: TraceEntry = {
    rule: "wallet-is-allowed",
    verdict: "fail",
    code: "policy.account_denied",
    hint: "Put the wallet on the project's allowlist, or open the network to every wallet.",
  };
  const given: TraceEntry = givenAllotment
    ? {
        rule: "allotments-are-given-once",
        verdict: "fail",
        code: "policy.rent_not_sponsored",
        observed: givenAllotment,
        hint: "Prepare it again: what a user has been given before is not asked of the sponsor twice.",
      }
    : { rule: "allotments-are-given-once", verdict: "pass" };
  const budgets = limits.map(({ subject, window, unit, limit, used, held, resetsAt }): TraceEntry => {
    const needed = unit === "relays" ? 1n : cost[unit];
    const free = limit - used - held;
    const remaining = free > 0n ? free : 0n;
    const isWithin = needed === 0n || needed <= free;
    const rule = `budget-${subject}-${window}-${unit}`;
    // What a sponsor may spend is nobody's business outside.
    if (subject === "sponsor") {
      return isWithin
        ? { rule, verdict: "pass" }
        : {
            rule,
            verdict: "fail",
            code: "sponsor.unavailable",
            hint: "Prepare the transaction again with another sponsor.",
          };
    }
    const owner = subject === "user" ? "user" : "project";
    return {
      rule,
      verdict: isWithin ? "pass" : "fail",
      ...(!isWithin && { code: window === "lifetime" ? "budget.lifetime_exhausted" : `budget.${owner}_exhausted` }),
      observed: needed.toString(),
      limit: limit.toString(),
      // How much others have used is not the users' business.
      ...((subject === "user" || isOperator) && { remaining: remaining.toString() }),
      ...(resetsAt && { resetsAt: resetsAt.toISOString() }),
      ...(!isWithin && { hint: "Wait for the next window, or raise the budget." }),
    };
  });
  return [denylist, ...(isWalletAllowed ? [] : [allowlist]), ...(allotments.length > 0 ? [given] : []), ...budgets];
}

type Simulated = Result<SimulatedTransaction, Refusal>;

/** What a node would say, or why it was not asked; `undefined`: it was not worth asking. */
function traceOutcome(
  read: ReadTransaction,
  simulated: Simulated | { readonly fault: unknown } | undefined,
  balanceFloor: bigint,
): readonly TraceEntry[] {
  if (!simulated) return read.traceUnsimulated(UNFIT);
  if ("fault" in simulated) return read.traceUnsimulated("The network's node cannot be asked at the moment.");
  return simulated.ok ? simulated.value.trace(balanceFloor) : read.traceUnsimulated(simulated.reason);
}

/** Whose transaction it is, and who is told. */
export interface Asker extends Pick<AccessClaims, "userId" | "wallet"> {
  /** Operators see how much of the project's own budgets is left; its users see theirs. */
  readonly isOperator: boolean;
}

/**
 * The explanation for a signed-in user. Whoever asks has often just changed the policy: what was remembered of the project
 * counts only while it is still that.
 * @throws auth.session_revoked, and what `explainTransaction` throws
 */
export async function explainRelay(
  ports: Ports,
  project: Project,
  claims: AccessClaims,
  body: RelayRequest,
): Promise<Explanation> {
  const asker = { userId: claims.userId, wallet: claims.wallet, isOperator: false };
  const parts = partsOf(requireNetwork(ports, project, body.network).chain, body);
  const question = { network: body.network, parts };
  const [{ explanation, revision }] = await Promise.all([
    explainTransaction(ports, project, asker, question),
    requireSession(ports, claims),
  ]);
  if (revision === undefined || revision === project.revision) return explanation;
  const current = await readProjectAgain(ports, project, claims.origin);
  return (await explainTransaction(ports, current, asker, question)).explanation;
}

interface Asked {
  readonly network: NetworkName;
  readonly parts: readonly Uint8Array[];
  /** It was decided about before: that its time is over by now says nothing of the decision. */
  readonly isPast?: boolean;
}

const isOfItsTime = ({ code }: TraceEntry): boolean =>
  code === "transaction.expired" || code === "transaction.already_relayed";

/** A node refuses what has expired or landed, whatever it would have said in time, and then tells nothing else. */
function withoutItsTime(trace: TraceEntry[]): TraceEntry[] {
  if (!trace.some(isOfItsTime)) return trace;
  const hint = "Its time is over since: what it would do on the chain is not asked.";
  return trace.map((entry) =>
    isOfItsTime(entry) || entry.verdict === "skip" ? { rule: entry.rule, verdict: "skip", hint } : entry,
  );
}

interface Explained {
  readonly explanation: Explanation;
  /** Of the project when the ledger was asked; undefined: it was not. */
  readonly revision?: bigint;
  /** What was asked about, with what a node has shown of it; undefined: it could not be read. */
  readonly shown?: Explainable;
}

/**
 * What would be decided about a transaction and why, rule by rule, on the same path as the decision. It holds nothing,
 * signs nothing, sends nothing and writes nothing.
 * @throws policy.not_published, and what a node that is away throws when no rule has refused before it is asked
 */
export async function explainTransaction(
  ports: Ports,
  project: Project,
  asker: Asker,
  { network, parts, isPast = false }: Asked,
): Promise<Explained> {
  const { chain, settings } = requireNetwork(ports, project, network);
  if (!settings.policy) {
    throw new AppError("policy.not_published", "This project sponsors nothing on this network yet.");
  }
  const { version: policyVersion } = settings.policy;
  const decoded = readTransaction(chain, settings, asker.wallet, parts);
  if (!decoded.ok) {
    const trace = [...chain.traceUnread(decoded.reason)];
    return { explanation: { verdict: "refuse", policyVersion, cost: { fee: "0", rent: "0" }, trace } };
  }
  const read = await withLinkedWallets(
    ports.store,
    { projectId: project.id, userId: asker.userId, network },
    decoded.value,
  );
  const { cost, sponsor, allotments } = read;
  const { form, policy } = await read.trace();
  const simulated = form.some(isFailure) ? undefined : await settle(read.simulate());
  // Denied keys are looked for among what the simulation has shown, too.
  const shown = simulated && "ok" in simulated && simulated.ok ? simulated.value : read;
  const ledger = await ports.store.previewRelay({
    projectId: project.id,
    userId: asker.userId,
    wallet: asker.wallet,
    network,
    policyVersion,
    sponsor,
    accounts: shown.keys,
    allotments,
  });
  const known = [
    { rule: "transaction-is-readable", verdict: "pass" as const },
    ...form,
    ...policy,
    ...traceLedger(ledger, read, asker),
  ];
  if (simulated && "fault" in simulated && !known.some(isFailure)) throw simulated.fault;
  const asked = [...known, ...traceOutcome(read, simulated, floorOf(read, settings))];
  const trace = isPast ? withoutItsTime(asked) : asked;
  const explanation: Explanation = {
    verdict: trace.some(isFailure) ? "refuse" : "sponsor",
    policyVersion,
    cost: { fee: cost.fee.toString(), rent: cost.rent.toString() },
    trace,
  };
  return { explanation, revision: ledger.revision, shown };
}

async function settle<Value>(work: Promise<Value>): Promise<Value | { readonly fault: unknown }> {
  try {
    return await work;
  } catch (fault) {
    return { fault };
  }
}
