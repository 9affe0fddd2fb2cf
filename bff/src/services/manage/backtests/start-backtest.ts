import type { Job } from "../../../contract/manage/jobs.ts";
import type { NetworkName } from "../../../domain/network.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { ChainPort, Ports } from "../../../ports.ts";
import { assertKeepable } from "../policies/assert-keepable.ts";
import { policyInvalid } from "../policies/require-desk.ts";
import { wakeJobs } from "../job/wake-jobs.ts";

type Document = Readonly<Record<string, unknown>>;

interface Wanted {
  readonly network: NetworkName;
  readonly days: number;
  readonly document?: Document | undefined;
  readonly draftId?: string | undefined;
}

const invalid = (pointer: string, detail: string): AppError =>
  new AppError("request.invalid", "The request does not fit its schema.", { errors: [{ pointer, detail }] });

async function findDocument(
  store: ManageStore,
  projectId: string,
  { network, document, draftId }: Wanted,
): Promise<Document> {
  if (document !== undefined && draftId === undefined) return document;
  if (document !== undefined || draftId === undefined) {
    throw invalid("/document", "either this or a draftId is needed, not both");
  }
  const draft = await store.readDraft({ projectId, network }, draftId);
  if (!draft) throw new AppError("request.not_found", "There is no such draft on this network.");
  return draft.document;
}

/** @throws manage.policy_invalid, with a pointer for each place */
function assertReadable({ policies }: ChainPort, document: unknown): void {
  const read = policies.read(document);
  if (read.ok) return;
  throw policyInvalid(read.reason);
}

/**
 * Starts to hold a draft against what was decided up to now. What it says is kept with the job: later changes of the draft
 * change nothing. @throws project.network_not_enabled, request.invalid, request.not_found, manage.policy_invalid, manage.conflict
 */
export async function startBacktest(
  ports: Pick<Ports, "chains" | "random" | "background" | "wake" | "log">,
  store: ManageStore,
  projectId: string,
  wanted: Wanted,
): Promise<Job> {
  const { network, days } = wanted;
  const chain = ports.chains(network);
  const networks = await store.listNetworks(projectId);
  if (!chain || !networks.some((own) => own.network === network)) {
    throw new AppError("project.network_not_enabled", "The project does not have this network, or it is not served.", {
      context: { network },
    });
  }
  const document = await findDocument(store, projectId, wanted);
  assertKeepable(document);
  assertReadable(chain, document);
  const label = `Backtest of the last ${days} days`;
  const job = { id: ports.random.id("job"), projectId, network, kind: "backtest" as const, label };
  const created = await store.createBacktest(job, { days, document });
  wakeJobs(ports);
  return created;
}
