import * as z from "zod";
import { Time } from "../values.ts";
import { pageOf, pageQuery } from "./values.ts";

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Time,
    actor: z.record(z.string(), z.unknown()),
    action: z.string(),
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    sequence: z.string().nullable().meta({ description: "Its place in the chain; null: not sealed yet" }),
    hash: z.string().nullable().meta({ description: "SHA-256 in hex of the hash before and the entry" }),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditList = pageOf("AuditList", AuditEntry);
export const AuditQuery = pageQuery({});
export const AuditExportQuery = z.strictObject({
  after: z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,17})$/, "must be a whole number as text")
    .default("0")
    .meta({ description: "Sequence behind which to begin" }),
});
