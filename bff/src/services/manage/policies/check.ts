import type { PolicyCheck } from "../../../contract/manage/policies.ts";
import { diffDocuments } from "../../../domain/policy/diff.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { noNetwork, type Place, policyInvalid, requireDesk } from "./require-desk.ts";

/** What a schema of ours has read is a JSON object. */
const asDocument = (document: unknown) => document as PolicyCheck["document"];

/**
 * Parses and lints a policy, and compares it with what is in force or with another version.
 * @throws request.not_found, manage.policy_invalid where it does not fit the schema
 */
export async function checkDocument(
  ports: Pick<Ports, "desks">,
  store: ManageStore,
  place: Place,
  given: unknown,
  against?: number,
): Promise<PolicyCheck> {
  const desk = requireDesk(ports, place.network);
  const found = await store.readInForce(place, against);
  if (!found) throw noNetwork();
  const read = desk.read(given);
  if (!read.ok) throw policyInvalid(read.reason);
  const { document, lint, mend } = read.value;
  const context = { hasRentBudget: found.hasRentBudget };
  return {
    document: asDocument(document),
    currentVersion: found.current,
    findings: lint(context).map(({ severity, lint: name, pointer, message, fix: { description } }) => ({
      severity,
      lint: name,
      pointer,
      message,
      fix: { description },
    })),
    mended: asDocument(mend(context)),
    differences: diffDocuments(found.document, document).map((difference) => ({ ...difference })),
  };
}
