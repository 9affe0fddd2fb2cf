import { SolanaPolicy } from "../../contract/index.ts";
import { diffDocuments, type Difference } from "../../domain/policy/diff.ts";
import { lintPolicy, type NamedFinding } from "../../domain/policy/lint.ts";
import type { NetworkName } from "../../domain/network.ts";
import { failure, type Result, success } from "../../domain/result.ts";
import type { PolicyStorePort } from "../../ports.ts";

/** Where a policy is: it belongs to one network of a project. */
export interface PolicyPlace {
  readonly projectId: string;
  readonly network: NetworkName;
}

/** A draft beside the version in force. */
export interface CheckedPolicy {
  readonly document: SolanaPolicy;
  readonly current: number | null;
  readonly findings: readonly NamedFinding[];
  readonly differences: readonly Difference[];
}

interface PolicyFault {
  readonly pointer: string;
  readonly detail: string;
}

/** Parses, lints and compares a draft. Reasons: what about it does not fit the schema. */
export async function checkPolicy(
  store: PolicyStorePort,
  { projectId, network }: PolicyPlace,
  draft: unknown,
): Promise<Result<CheckedPolicy, readonly PolicyFault[]>> {
  const parsed = SolanaPolicy.safeParse(draft);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map((step) => `/${String(step)}`).join(""),
      detail: message,
    }));
    return failure(faults);
  }
  const { current, document, hasRentBudget } = await store.readPolicy(projectId, network);
  return success({
    document: parsed.data,
    current,
    findings: lintPolicy(parsed.data, { hasRentBudget }),
    differences: diffDocuments(document, parsed.data),
  });
}
