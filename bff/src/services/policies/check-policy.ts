import { diffDocuments, type Difference } from "../../domain/policy/diff.ts";
import type { PolicyFinding } from "../../domain/policy/lint.ts";
import type { NetworkName } from "../../domain/network.ts";
import { type Result, success } from "../../domain/result.ts";
import type { PolicyDesk, PolicyFault, PolicyStorePort } from "../../ports.ts";

/** Where a policy is: it belongs to one network of a project. */
export interface PolicyPlace {
  readonly projectId: string;
  readonly network: NetworkName;
}

/** A draft beside the version in force. */
export interface CheckedPolicy {
  readonly document: unknown;
  readonly current: number | null;
  readonly findings: readonly PolicyFinding[];
  /** The document after the fix of every finding. */
  readonly mended: unknown;
  readonly differences: readonly Difference[];
}

/** Parses, lints and compares a draft. Reasons: what about it does not fit the schema. */
export async function checkPolicy(
  store: PolicyStorePort,
  desk: PolicyDesk,
  { projectId, network }: PolicyPlace,
  draft: unknown,
): Promise<Result<CheckedPolicy, readonly PolicyFault[]>> {
  const read = desk.read(draft);
  if (!read.ok) return read;
  const { current, document, hasRentBudget } = await store.readPolicy(projectId, network);
  return success({
    document: read.value.document,
    current,
    findings: read.value.lint({ hasRentBudget }),
    mended: read.value.mend({ hasRentBudget }),
    differences: diffDocuments(document, read.value.document),
  });
}
