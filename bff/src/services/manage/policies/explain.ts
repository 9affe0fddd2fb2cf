import type { ManageExplanation } from "../../../contract/manage/policies.ts";
import type { PolicyChange } from "../../../domain/chain-transaction.ts";
import { type NetworkName, walletOf } from "../../../domain/network.ts";
import { diffDocuments } from "../../../domain/policy/diff.ts";
import type { LintContext } from "../../../domain/policy/lint.ts";
import type { FamilyPolicy, Project } from "../../../domain/project.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { findProjectById } from "../../projects/find-project.ts";
import { requireNetwork } from "../../projects/require-network.ts";
import { explainTransaction } from "../../relays/explain-relay.ts";
import { readTransaction } from "../../relays/read-transaction.ts";
import { type Question, readQuestion, type ReadQuestion } from "./read-question.ts";
import { policyInvalid, requireDesk } from "./require-desk.ts";

interface ExplainRequest extends Question {
  readonly draftId?: string | undefined;
  readonly document?: Readonly<Record<string, unknown>> | undefined;
}

/** A draft, or what was sent along. */
interface OtherPolicy {
  readonly document: unknown;
  readonly compiled: FamilyPolicy;
}

type Trace = ManageExplanation["trace"];

/** The policy that is asked about instead of the one in force. @throws request.invalid, request.not_found, manage.policy_invalid */
async function readOtherPolicy(
  ports: Pick<Ports, "chains">,
  store: ManageStore,
  place: { readonly projectId: string; readonly network: NetworkName },
  { draftId, document }: ExplainRequest,
): Promise<OtherPolicy | undefined> {
  if (draftId !== undefined && document !== undefined) {
    throw new AppError("request.invalid", "The request does not fit its schema.", {
      errors: [{ pointer: "/draftId", detail: "stands alone: either a draft or a document" }],
    });
  }
  const draft = draftId === undefined ? undefined : await store.readDraft(place, draftId);
  if (draftId !== undefined && !draft) throw new AppError("request.not_found", "There is no such draft.");
  const given = draft?.document ?? document;
  if (given === undefined) return undefined;
  const read = ports.chains(place.network)?.policies.read(given);
  if (read && !read.ok) throw policyInvalid(read.reason);
  return read && { document: read.value.document, compiled: read.value.compile() };
}

/** The project as it would be with another policy. Budgets of versions are those of the version in force. */
function withPolicy(project: Project, network: NetworkName, other: OtherPolicy | undefined): Project {
  if (!other) return project;
  return {
    ...project,
    networks: project.networks.map((own) =>
      own.network === network
        ? { ...own, policy: { version: own.policy?.version ?? 0, compiled: other.compiled } }
        : own,
    ),
  };
}

/** Whoever signs first beside the sponsor, where nobody is named: a new user with that wallet. */
function findUser(
  ports: Pick<Ports, "chains">,
  project: Project,
  { network, parts, user }: ReadQuestion,
): { readonly userId: string; readonly wallet: string } {
  if (user) return user;
  const { chain, settings } = requireNetwork(ports, project, network);
  const read = readTransaction(chain, settings, "", parts);
  const [signer] = read.ok ? read.value.signers : [];
  return { userId: "", wallet: signer === undefined ? "" : walletOf(network, signer) };
}

/** What a change of the policy has nothing to do with: windows of budgets pass, and a node says what holds this minute. */
const isOfTheMoment = ({ rule }: Trace[number]): boolean =>
  rule.startsWith("budget-") || rule === "simulation-succeeds";

/**
 * Those changes that lead to a policy which may be published and about which lints say no more than before; the smallest
 * first. None where a rule fails that they do not mend, or one of them may not be: the rest would let nothing through.
 */
async function listFixes(
  ports: Pick<Ports, "desks">,
  store: ManageStore,
  place: { readonly projectId: string; readonly network: NetworkName },
  changes: readonly PolicyChange[],
  { trace, other }: { readonly trace: Trace; readonly other: OtherPolicy | undefined },
): Promise<ManageExplanation["fixes"]> {
  const mended = new Set(changes.flatMap(({ rules }) => rules));
  const isBlocked = trace.some((entry) => entry.verdict === "fail" && !mended.has(entry.rule) && !isOfTheMoment(entry));
  if (changes.length === 0 || isBlocked) return [];
  const desk = requireDesk(ports, place.network);
  const inForce = await store.readInForce(place);
  const context = { hasRentBudget: inForce?.hasRentBudget ?? false };
  const before = other ? other.document : inForce?.document;
  const findings = (document: unknown, within: LintContext): number => {
    const read = desk.read(document);
    return read.ok ? read.value.lint(within).length : Infinity;
  };
  const found = findings(before, context);
  if (changes.some(({ document }) => findings(document, context) > found)) return [];
  return changes
    .map(({ description, document }) => ({
      description,
      // A policy that a schema has just read is a JSON object.
      document: document as Record<string, unknown>,
      size: diffDocuments(before, document).length,
    }))
    .toSorted((one, other) => one.size - other.size)
    .map(({ description, document }) => ({ description, document }));
}

/**
 * What would be decided about a transaction, or was about a past one, and what of the policy would have to change. It holds
 * nothing, signs nothing, sends nothing and writes nothing.
 * @throws request.invalid, request.not_found, manage.policy_invalid, policy.not_published, project.network_not_enabled
 */
export async function explainDecision(
  ports: Ports,
  store: ManageStore,
  projectId: string,
  request: ExplainRequest,
): Promise<ManageExplanation> {
  const question = await readQuestion(ports, store, projectId, request);
  const { network, parts, decided } = question;
  const place = { projectId, network };
  const other = await readOtherPolicy(ports, store, place, request);
  // Whoever asks has often just changed something.
  ports.projects.forget(projectId);
  const { project: current } = await findProjectById(ports, projectId);
  const project = withPolicy(current, network, other);
  const user = findUser(ports, project, question);
  const { explanation, shown } = await explainTransaction(
    ports,
    project,
    { ...user, isOperator: true },
    // One that was too late already is so by any policy.
    { network, parts, isPast: decided !== null && decided.code !== "transaction.expired" },
  );
  return {
    ...explanation,
    policyVersion: other ? null : explanation.policyVersion,
    network,
    wallet: user.wallet,
    decided,
    instructions: [...(shown?.describe() ?? [])],
    fixes: await listFixes(ports, store, place, shown?.proposeChanges() ?? [], {
      trace: explanation.trace,
      other,
    }),
  };
}
