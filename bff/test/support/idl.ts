import { createHash } from "node:crypto";
import type { IdlFault } from "../../src/domain/idl/idl-program.ts";
import type { JsonObject } from "../../src/domain/idl/json.ts";
import { completeProgram, draftProgram, type IdlReading, preimagesOf } from "../../src/domain/idl/read-idl.ts";
import { failure, type Result } from "../../src/domain/result.ts";

export const PROGRAM_ADDRESS = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Both halves of reading, with digests as the service makes them; null: the IDL itself has to name the address. */
export function readWhole(
  idl: JsonObject,
  programAddress: string | null = PROGRAM_ADDRESS,
): Result<IdlReading, readonly IdlFault[]> {
  const draft = draftProgram(idl, programAddress ?? undefined);
  if (!draft.ok) return failure(draft.reason);
  return completeProgram(draft.value, new Map(preimagesOf(draft.value).map((text) => [text, sha256(text)])));
}
