import * as z from "zod";
import { Time } from "../values.ts";
import { Instant, Line, pageOf, pageQuery } from "./values.ts";

export const ListEntry = z
  .object({
    address: z.string(),
    note: z.string().nullable(),
    expiresAt: Time.nullable(),
    createdAt: Time.nullable(),
    isExpired: z.boolean(),
  })
  .meta({ id: "ListEntry", description: "An address on a project's denylist or allowlist" });
export type ListEntry = z.infer<typeof ListEntry>;
export const ListEntryPage = pageOf("ListEntryPage", ListEntry)
  .extend({ total: z.int() })
  .meta({ id: "ListEntryPage" });
export const ListQuery = pageQuery({ search: z.string().min(1).max(64).optional() });
export const NewListEntry = z.strictObject({
  address: z.string().min(1).max(120),
  note: Line(200).optional(),
  expiresAt: Instant.optional(),
});

/** Columns `address`, `note`, `expires_at`; the first line may name them. */
export const ImportRequest = z.strictObject({
  csv: z.string().min(1).max(1_500_000),
  mode: z
    .enum(["add", "replace"])
    .default("add")
    .meta({ description: "replace: what is not in the file leaves the list, when all of it was read" }),
});
