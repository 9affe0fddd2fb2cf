import type { Explanation, RelayRequest } from "../../contract/index.ts";
import { FORM_RULES, ACCOUNT_RULES, POLICY_RULES } from "../../domain/policy/evaluate.ts";
import { signersHaveSigned } from "../../domain/policy/rules/signers-have-signed.ts";
import { skipRules, traceRules, type TraceEntry } from "../../domain/policy/trace.ts";
import type { Project } from "../../domain/project.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { Result } from "../../domain/result.ts";
import { SIMULATION_RULES, type Simulation } from "../../domain/simulation.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import type { RelayPreview } from "../../domain/reservation.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "../auth/sessions.ts";
import { readProjectAgain } from "../projects/find-project.ts";
import { requireNetwork } from "../projects/require-network.ts";
import {
  findForgery,
  floorOf,
  readTransaction,
  type ReadTransaction,
  resolveOutcome,
  withLinkedWallets,
} from "./judge-transaction.ts";

const UNREAD = "The transaction cannot be read, so nothing more is known of it.";
const UNFIT = "Asked of a node only when the transaction has the right form.";

const isFailure = ({ verdict }: TraceEntry): boolean => verdict === "fail";
const failed = (rule: string, { code }: Refusal, hint: string): TraceEntry => ({ rule, verdict: "fail", code, hint });

/** A transaction that nobody has signed yet can be asked about as well. */
async function traceForm(chain: ChainPort, read: ReadTransaction): Promise<readonly TraceEntry[]> {
  const form = traceRules(FORM_RULES, read).map((entry): TraceEntry => {
    const isUnsigned = entry.rule === signersHaveSigned.name && entry.verdict === "fail";
    return isUnsigned ? { rule: entry.rule, verdict: "skip", hint: "Somebody still has to sign." } : entry;
  });
  const forgery = await findForgery(chain, read.transaction);
  const rule = "signatures-are-valid";
  const hint = "Sign the exact bytes of this message; a changed transaction needs new signatures.";
  return [...form, forgery ? failed(rule, forgery, hint) : { rule, verdict: "pass" }];
}

function traceLedger(
  { deniedAccount, limits }: RelayPreview,
  { cost }: ReadTransaction,
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
  return [denylist, ...budgets];
}

function traceOutcome(
  read: ReadTransaction,
  simulated: Result<Simulation, Refusal>,
  balanceFloor: bigint,
): readonly TraceEntry[] {
  const [succeeds, ...others] = SIMULATION_RULES;
  if (!succeeds) return [];
  if (!simulated.ok) return [failed(succeeds.name, simulated.reason, "The node cannot read it: encode it again.")];
  const simulation = simulated.value;
  const resolved = resolveOutcome(read, simulation);
  const input = { ...resolved, simulation, balanceFloor };
  const outcome = traceRules([succeeds], input);
  if (simulation.error !== null)
    return [...outcome, ...skipRules(others, "The simulation failed before it could tell.")];
  // With its tables resolved, the accounts have to fit once more.
  const accounts = read.transaction.lookupTables.length === 0 ? [] : traceRules(ACCOUNT_RULES, resolved);
  return [...outcome, ...traceRules(others, input), ...accounts];
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
  const [{ explanation, revision }] = await Promise.all([
    explainTransaction(ports, project, asker, body),
    requireSession(ports, claims),
  ]);
  if (revision === undefined || revision === project.revision) return explanation;
  const current = await readProjectAgain(ports, project, claims.origin);
  return (await explainTransaction(ports, current, asker, body)).explanation;
}

interface Explained {
  readonly explanation: Explanation;
  /** Of the project when the ledger was asked; undefined: it was not. */
  readonly revision?: bigint;
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
  body: RelayRequest,
): Promise<Explained> {
  const { chain, settings } = requireNetwork(ports, project, body.network);
  if (!settings.policy) {
    throw new AppError("policy.not_published", "This project sponsors nothing on this network yet.");
  }
  const decoded = readTransaction(chain, settings, asker.wallet, body.transaction);
  if (!decoded.ok) {
    const trace = [
      failed("transaction-is-readable", decoded.reason, "Send the canonical wire bytes of the transaction in base64."),
      ...skipRules([...FORM_RULES, ...POLICY_RULES], UNREAD),
      ...skipRules(SIMULATION_RULES, UNREAD),
    ];
    const { version } = settings.policy;
    return { explanation: { verdict: "refuse", policyVersion: version, cost: { fee: "0", rent: "0" }, trace } };
  }
  const user = { projectId: project.id, userId: asker.userId, network: body.network };
  const read = await withLinkedWallets(ports.store, user, decoded.value);
  const { transaction, cost, policyVersion, sponsor } = read;
  const form = await traceForm(chain, read);
  const policy = traceRules(POLICY_RULES, read);
  const simulated = form.some(isFailure) ? undefined : await settle(chain.simulate(transaction));
  // Denied keys are looked for among what the simulation has shown, too.
  const shown = simulated && "ok" in simulated && simulated.ok ? resolveOutcome(read, simulated.value) : read;
  const ledger = await ports.store.previewRelay({
    projectId: project.id,
    userId: asker.userId,
    wallet: asker.wallet,
    network: body.network,
    policyVersion,
    sponsor,
    accounts: shown.keys,
  });
  const known = [
    { rule: "transaction-is-readable", verdict: "pass" as const },
    ...form,
    ...policy,
    ...traceLedger(ledger, read, asker),
  ];
  if (simulated && "fault" in simulated && !known.some(isFailure)) throw simulated.fault;
  const outcome =
    simulated && "ok" in simulated
      ? traceOutcome(read, simulated, floorOf(read, settings))
      : skipRules(SIMULATION_RULES, simulated ? "The network's node cannot be asked at the moment." : UNFIT);
  const trace = [...known, ...outcome];
  const explanation: Explanation = {
    verdict: trace.some(isFailure) ? "refuse" : "sponsor",
    policyVersion,
    cost: { fee: cost.fee.toString(), rent: cost.rent.toString() },
    trace,
  };
  return { explanation, revision: ledger.revision };
}

async function settle<Value>(work: Promise<Value>): Promise<Value | { readonly fault: unknown }> {
  try {
    return await work;
  } catch (fault) {
    return { fault };
  }
}
