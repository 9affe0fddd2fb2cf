import * as z from "zod";
import { idOf } from "../values.ts";

/** What a member may do in an organization, from everything to looking on. */
export const Role = z
  .enum(["owner", "admin", "developer", "billing", "viewer"])
  .meta({ id: "Role", description: "What a member may do in an organization" });
export type Role = z.infer<typeof Role>;

/** What a secret key may do in its project; a member's role brings what it needs. */
export const Scope = z
  .enum([
    "project:read",
    "project:write",
    "keys:read",
    "keys:write",
    "policies:read",
    "policies:write",
    "lists:read",
    "lists:write",
    "budgets:read",
    "budgets:write",
    "sponsors:read",
    "sponsors:write",
    "traffic:read",
    "users:read",
    "users:write",
    "jobs:read",
    "jobs:write",
    "audit:read",
  ])
  .meta({ id: "Scope", description: "What a secret key may do in its project" });
export type Scope = z.infer<typeof Scope>;

export const Environment = z.enum(["test", "live"]);
export const OrganizationId = idOf("org");
export const KeyId = idOf("key");
export const UserId = idOf("usr");
export const SessionId = idOf("ses");
export const SponsorId = idOf("spn");
export const InvitationId = idOf("inv");
export const DraftId = idOf("pol");
export const JobId = idOf("job");
export const RelayId = idOf("rly");
/** The id of the request that asked: its answer carried it. */
export const DecisionId = z
  .string()
  .regex(/^req_[0-9A-Za-z-]{1,64}$/, "must be the Request-Id of a decision: req_ and what follows");

/** One line of a person's own words. */
export const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, "must be one line without control characters");

/** What was seen when an edit began: it is refused when somebody else was faster. */
export const Version = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/, "must be a version as it was read")
  .refine((text) => text.length < 19 || text <= "9223372036854775807", "is more than there can be")
  .meta({ description: "As it was read; another one by now is 409 manage.conflict", examples: ["12"] });

const PageLimit = z
  .string()
  .regex(/^(?:[1-9][0-9]?|100)$/, "must be a whole number from 1 to 100")
  .transform(Number)
  .default(20);

/** Opaque: given by the page before. */
const Cursor = z.string().min(1).max(200);

/** A query in time: RFC 3339, with its zone. */
export const Instant = z.iso
  .datetime({ offset: true })
  // A zone that is none, or a year that SQL does not take, is told here.
  .refine(
    (text) => /^(?:19[7-9]|20|21)/.test(text) && !Number.isNaN(Date.parse(text)),
    "must be a time from 1970 to 2199",
  )
  .transform((text) => new Date(text).toISOString());

export const pageQuery = <Shape extends z.ZodRawShape>(filters: Shape) =>
  z.strictObject({ ...filters, limit: PageLimit, cursor: Cursor.optional() });

/** Newest first. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
