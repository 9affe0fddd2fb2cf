import type * as z from "zod";
import { readBy } from "../../read-by.ts";
import type { FamilyPolicy } from "../../domain/project.ts";
import { type Result, success } from "../../domain/result.ts";
import type { PolicyFault, PolicyLanguage } from "../../ports.ts";

/** Of one document: an editor shows each at its field. */
const MAX_FAULTS = 100;

export const readDocument = <Document>(
  schema: z.ZodType<Document>,
  given: unknown,
): Result<Document, readonly PolicyFault[]> => readBy(schema, given, MAX_FAULTS);

export function createPolicyLanguage<Document>(
  schema: z.ZodType<Document>,
  compile: (document: Document) => FamilyPolicy,
): PolicyLanguage {
  return {
    read(given) {
      const read = readDocument(schema, given);
      return read.ok ? success({ document: read.value, compile: () => compile(read.value) }) : read;
    },
  };
}
