import type { PolicyCheck, Published } from "../../../contract/manage/policies.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { assertKeepable } from "./assert-keepable.ts";
import { checkDocument } from "./check.ts";
import { needsRentBudget } from "./needs-rent-budget.ts";
import { noNetwork, type Place, policyInvalid, requireDesk } from "./require-desk.ts";

const conflict = (currentVersion: number | null): AppError =>
  new AppError("manage.conflict", "Another version is in force by now.", { context: { currentVersion } });

/** @throws manage.policy_invalid */
function assertNoErrors(findings: PolicyCheck["findings"]): void {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw policyInvalid(errors.map(({ pointer, message }) => ({ pointer, detail: message })));
}

interface Publication {
  readonly document: Readonly<Record<string, unknown>>;
  /** In force when its author began. */
  readonly expectedVersion: number | null;
  readonly draftId?: string | undefined;
}

/**
 * Makes a policy the next version and puts it in force, unless a lint finds an error in it.
 * @throws request.not_found, request.invalid, manage.policy_invalid, manage.conflict with `currentVersion`
 */
export async function publish(
  ports: Pick<Ports, "desks" | "projects">,
  store: ManageStore,
  place: Place,
  { document: given, expectedVersion, draftId }: Publication,
): Promise<Published> {
  assertKeepable(given);
  const { document, currentVersion, findings, differences } = await checkDocument(ports, store, place, given);
  assertNoErrors(findings);
  if (currentVersion !== expectedVersion) throw conflict(currentVersion);
  const draft = draftId === undefined ? undefined : { id: draftId, document: given };
  if (currentVersion !== null && differences.length === 0) {
    if (draft) await store.endDraft(place, draft);
    return { version: currentVersion, isNew: false };
  }
  const version = await store.publishPolicy(place, {
    document,
    expected: expectedVersion,
    needsRentBudget: needsRentBudget(requireDesk(ports, place.network), document),
    draft,
  });
  ports.projects.forget(place.projectId);
  return { version, isNew: true };
}

/**
 * Puts an earlier version in force again, unless a lint finds an error in it by now: a budget that it needs may be gone.
 * @throws request.not_found, manage.policy_invalid, manage.conflict with `currentVersion`
 */
export async function rollBack(
  ports: Pick<Ports, "desks" | "projects">,
  store: ManageStore,
  place: Place,
  { version, expectedVersion }: { readonly version: number; readonly expectedVersion: number },
): Promise<Published> {
  const wanted = await store.readPolicy(place, version);
  if (!wanted) throw noNetwork();
  const { currentVersion, findings } = await checkDocument(ports, store, place, wanted.document);
  if (currentVersion !== expectedVersion) throw conflict(currentVersion);
  if (version === currentVersion) return { version, isNew: false };
  assertNoErrors(findings);
  await store.rollBackPolicy(place, version, {
    expected: expectedVersion,
    needsRentBudget: needsRentBudget(requireDesk(ports, place.network), wanted.document),
  });
  ports.projects.forget(place.projectId);
  return { version, isNew: true };
}
