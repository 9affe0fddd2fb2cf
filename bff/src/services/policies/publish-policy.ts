import type { PolicyStorePort } from "../../ports.ts";
import type { CheckedPolicy, PolicyPlace } from "./check-policy.ts";

export type PublishOutcome =
  | { readonly outcome: "published"; readonly version: number }
  /** What is in force says the same already. */
  | { readonly outcome: "unchanged" }
  /** An error of the lints keeps it from being published. */
  | { readonly outcome: "unfit" }
  /** Somebody published another version since the draft was checked. */
  | { readonly outcome: "conflict" };

/** Makes a checked draft the next version and puts it in force. */
export async function publishPolicy(
  store: PolicyStorePort,
  { projectId, network }: PolicyPlace,
  { document, current, findings, differences }: CheckedPolicy,
): Promise<PublishOutcome> {
  if (findings.some(({ severity }) => severity === "error")) return { outcome: "unfit" };
  if (differences.length === 0) return { outcome: "unchanged" };
  const version = await store.publishPolicy(projectId, network, document, current);
  return version === undefined ? { outcome: "conflict" } : { outcome: "published", version };
}

/** Puts an earlier version in force again: the given one, or the newest below the one in force. Undefined: there is none. */
export async function rollBackPolicy(
  store: PolicyStorePort,
  { projectId, network }: PolicyPlace,
  wanted: number | undefined,
): Promise<number | undefined> {
  const { current, versions } = await store.readPolicy(projectId, network);
  if (current === null) return undefined;
  const version = wanted ?? versions.find((candidate) => candidate.version < current)?.version;
  if (version === undefined || version === current) return undefined;
  return store.rollBackPolicy(projectId, network, version, current);
}
