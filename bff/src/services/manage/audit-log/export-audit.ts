import { toHex } from "../../../domain/audit.ts";
import type { Ports } from "../../../ports.ts";

const EXPORT_ENTRIES = 1_000;

/** Sealed entries of a chain, one JSON object a line. `entry` is text: what was sealed is what stands there, byte for byte. */
export async function exportAudit({ audit }: Pick<Ports, "audit">, chain: string, after: bigint): Promise<string> {
  const sealed = await audit.listSealed(chain, after, EXPORT_ENTRIES);
  return sealed
    .map(({ sequence, hash, entry }) => JSON.stringify({ sequence: sequence.toString(), hash: toHex(hash), entry }))
    .map((line) => `${line}\n`)
    .join("");
}
