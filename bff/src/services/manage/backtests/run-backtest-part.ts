import type { ReadTransaction, TransactionScene } from "../../../domain/chain-transaction.ts";
import { addToTally, EMPTY_TALLY, isNoPolicys, type Judgement, resultOf } from "../../../domain/job/backtest.ts";
import type { BacktestInput, BacktestProgress, ClaimedJob, KeptDecision } from "../../../domain/job/job.ts";
import { walletOf } from "../../../domain/network.ts";
import type { FamilyPolicy } from "../../../domain/project.ts";
import { AppError } from "../../../errors.ts";
import type { ChainPort, Ports } from "../../../ports.ts";

/** After this a part ends, so that other jobs have their turn and what was done is kept. */
const PART_MS = 1_500;
const PAGE_ROWS = 500;
/** Decisions that are judged before requests of the same process have their turn: two milliseconds or so. */
const SLICE = 25;

type BacktestPorts = Pick<Ports, "jobs" | "store" | "chains" | "clock">;

/** What every decision of a backtest is held against. */
interface Bench {
  readonly chain: ChainPort;
  readonly draft: FamilyPolicy;
  readonly sponsorPool: TransactionScene["sponsorPool"];
}

/** @throws project.network_not_enabled, manage.policy_invalid when it cannot be done at all */
async function openBench(
  { chains, store }: BacktestPorts,
  { projectId, network }: ClaimedJob,
  { document }: BacktestInput,
): Promise<Bench> {
  const chain = chains(network);
  const found = await store.findProject({ projectId });
  const settings = found?.project.networks.find((candidate) => candidate.network === network);
  if (!chain || !settings) {
    throw new AppError("project.network_not_enabled", "The project does not have this network any more.");
  }
  const read = chain.policies.read(document);
  if (!read.ok) throw new AppError("manage.policy_invalid", "This version cannot read the draft.");
  return { chain, draft: read.value.compile(), sponsorPool: settings.sponsorPool };
}

const addressIn = (wallet: string): string => wallet.slice(wallet.indexOf(":") + 1);

/** Whoever of the network's pool paid then is taken for a sponsor of the project: sponsors come and go. */
function readAgain(
  { chain, sponsorPool }: Bench,
  policy: FamilyPolicy,
  { network }: ClaimedJob,
  { transaction, wallet, linkedWallets }: KeptDecision,
): ReadTransaction | undefined {
  const acceptedSponsors = sponsorPool.map(({ address }) => address);
  const sessionAddress = addressIn(wallet);
  const read = chain.read([transaction], { policy, sponsorPool, acceptedSponsors, sessionAddress });
  if (!read.ok) return undefined;
  if (read.value.isSignedByUser) return read.value;
  const prefix = walletOf(network, "");
  return read.value.withLinkedWallets(linkedWallets.filter((linked) => linked.startsWith(prefix)).map(addressIn));
}

/** Asks the policy of that time as well, where only it can tell whether the refusal was a policy's. */
function createHistory({ jobs }: BacktestPorts, job: ClaimedJob, bench: Bench) {
  const known = new Map<number, FamilyPolicy | undefined>();
  return async function isRefusedByPolicy(decision: KeptDecision): Promise<boolean> {
    const { policyVersion } = decision;
    if (policyVersion === null) return true;
    if (!known.has(policyVersion)) {
      const read = bench.chain.policies.read(await jobs.readPolicy(job, policyVersion));
      known.set(policyVersion, read.ok ? read.value.compile() : undefined);
    }
    const policy = known.get(policyVersion);
    return !policy || readAgain(bench, policy, job, decision)?.judgeByRules() !== undefined;
  };
}

async function judgeAgain(
  decision: KeptDecision,
  read: ReadTransaction,
  isRefusedByPolicy: (decision: KeptDecision) => Promise<boolean>,
): Promise<Judgement> {
  const { id: decisionId, code: before } = decision;
  const after = read.judgeByRules()?.code ?? null;
  const isOtherwise =
    before !== null && after === null && (isNoPolicys(before) || !(await isRefusedByPolicy(decision)));
  const { fee, rent } = before === null ? { ...read.cost, ...quoteOf(decision) } : read.cost;
  return { decisionId, before, after, isOtherwise, fee, rent };
}

/** What was sponsored cost what was quoted. */
const quoteOf = ({ fee, rent }: KeptDecision) => ({ ...(fee !== null && { fee }), ...(rent !== null && { rent }) });

/**
 * Holds the next decisions of the span against the draft and keeps what came of it. It asks rules alone: no node, no
 * budget, no list, and signatures are not verified once more. No connection is held while it computes.
 * @throws what ends the job, and store.unavailable
 */
export async function runBacktestPart(
  ports: BacktestPorts,
  job: ClaimedJob,
  input: BacktestInput,
  progress: BacktestProgress,
): Promise<void> {
  const { clock, jobs, store } = ports;
  const untilMs = clock.nowMs() + PART_MS;
  const bench = await openBench(ports, job, input);
  const isRefusedByPolicy = createHistory(ports, job, bench);
  let { after, tally = EMPTY_TALLY } = progress;
  let isDone = false;
  do {
    const page = await jobs.listDecisions(job, { ...input, after }, PAGE_ROWS);
    await store.release();
    const judgements: Judgement[] = [];
    const unreadable: string[] = [];
    for (const [index, decision] of page.entries()) {
      const read = readAgain(bench, bench.draft, job, decision);
      if (read) judgements.push(await judgeAgain(decision, read, isRefusedByPolicy));
      else unreadable.push(decision.code ?? "transaction.malformed");
      if (index % SLICE === SLICE - 1) await clock.sleep(0);
    }
    tally = addToTally(tally, judgements, unreadable);
    const last = page.at(-1);
    if (last) after = { decidedAt: last.decidedAt, id: last.id };
    isDone = page.length < PAGE_ROWS;
  } while (!isDone && clock.nowMs() < untilMs);
  const result = isDone ? resultOf(tally, input.days) : undefined;
  await jobs.saveBacktest(job, { ...(after && { after }), tally }, tally.decisions, result);
}
