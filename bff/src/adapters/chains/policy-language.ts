import type * as z from "zod";
import type { FamilyPolicy } from "../../domain/project.ts";
import { failure, type Result, success } from "../../domain/result.ts";
import type { PolicyFault, PolicyLanguage } from "../../ports.ts";

export function readDocument<Document>(
  schema: z.ZodType<Document>,
  given: unknown,
): Result<Document, readonly PolicyFault[]> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return success(parsed.data);
  return failure(
    parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map((step) => `/${String(step)}`).join(""),
      detail: message,
    })),
  );
}

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
