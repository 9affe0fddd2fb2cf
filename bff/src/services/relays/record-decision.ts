import { concatBytes } from "../../domain/bytes.ts";
import type { ReadTransaction } from "../../domain/chain-transaction.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { RelayIntent } from "./relay-intent.ts";

/** Of bytes that are no transaction, this much says enough: most groups fit, and every single transaction. */
const MAX_KEPT_BYTES = 8_192;
/** More than anything names that is worth explaining. */
const MAX_KEPT_KEYS = 256;

/** What is known of a transaction so far, for the books. */
export interface CaseFile {
  /** Its bytes as they came. */
  parts: readonly Uint8Array[];
  policyVersion: number | undefined;
  read: ReadTransaction | undefined;
}

const DECIDED = /^(?:policy|transaction|budget|sponsor)\./;

/** The refusal in an error that is a decision about the transaction; a fault or a wrong key decides nothing. */
export function decisionIn(error: unknown): Refusal | undefined {
  if (!(error instanceof AppError) || !DECIDED.test(error.code)) return undefined;
  const { context } = error.options;
  return { code: error.code, detail: error.message, ...(context && { context }) };
}

/** Keeps a refusal, after the answer: nobody waits for it, and nothing depends on it. */
export async function recordRefusal(
  { store, hash, log, metrics }: Pick<Ports, "store" | "hash" | "log" | "metrics">,
  { project, claims, body, requestId }: RelayIntent,
  refusal: Refusal,
  { parts, policyVersion, read }: CaseFile,
): Promise<void> {
  try {
    const isKept = await store.recordRefusal({
      requestId,
      projectId: project.id,
      network: body.network,
      userId: claims.userId,
      wallet: claims.wallet,
      policyVersion: read && policyVersion,
      messageHash: read && (await hash.sha256(read.identity)),
      transaction: concatBytes(...parts).subarray(0, MAX_KEPT_BYTES),
      accounts: (read?.keys ?? []).slice(0, MAX_KEPT_KEYS),
      refusal,
      fee: read?.cost.fee,
      rent: read?.cost.rent,
    });
    if (!isKept) metrics.count("gasless_refusals_dropped_total", {});
  } catch (cause) {
    log.warn("decision.not_recorded", { requestId, cause });
  }
}
