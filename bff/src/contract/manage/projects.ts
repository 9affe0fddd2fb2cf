import * as z from "zod";
import { Amount, NetworkName, ProjectId, Time } from "../values.ts";
import { Environment, KeyId, Line, OrganizationId, pageOf, Scope, SponsorId, Version } from "./values.ts";

const PerMinute = z.int().min(1).max(10_000_000);
const Statement = z
  .string()
  .max(300)
  .regex(/^[ -~]+$/, "must be one line of ASCII");
const Locale = z.string().regex(/^(?:auto|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/, "must be a language tag or auto");
/** Custom properties of the widget and their values, as `GET /v1/config` gives them. */
const Theme = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "must be a custom property without its dashes, such as accent"),
  z.string().regex(/^[#A-Za-z0-9 .,%()/_-]{1,80}$/, "must be a plain CSS value"),
);

export const ManagedProject = z
  .object({
    id: ProjectId,
    organizationId: OrganizationId,
    name: z.string(),
    environment: Environment,
    status: z.enum(["active", "suspended"]),
    version: Version,
    statement: z.string(),
    theme: z.record(z.string(), z.string()),
    locale: z.string(),
    requestsPerMinute: z.int(),
    addressRequestsPerMinute: z.int(),
    addressSignInsPerMinute: z.int(),
    keyRequestsPerMinute: z.int(),
    userRelaysPerMinute: z.int(),
    networks: z.array(NetworkName),
    createdAt: Time,
  })
  .meta({ id: "ManagedProject" });
export type ManagedProject = z.infer<typeof ManagedProject>;
export const ManagedProjectList = pageOf("ManagedProjectList", ManagedProject);

export const NewProject = z.strictObject({
  name: Line(80),
  environment: Environment,
  networks: z.array(NetworkName).max(20).default([]),
});

export const ProjectChange = z.strictObject({
  version: Version,
  name: Line(80).optional(),
  status: z.enum(["active", "suspended"]).optional(),
  statement: Statement.optional(),
  theme: Theme.refine((theme) => Object.keys(theme).length <= 40, "has too many properties").optional(),
  locale: Locale.optional(),
  requestsPerMinute: PerMinute.optional(),
  addressRequestsPerMinute: PerMinute.optional(),
  addressSignInsPerMinute: PerMinute.optional(),
  keyRequestsPerMinute: PerMinute.optional(),
  userRelaysPerMinute: PerMinute.optional(),
});
export type ProjectChange = z.infer<typeof ProjectChange>;

export const OriginList = z.object({ data: z.array(z.object({ origin: z.string() })) }).meta({ id: "OriginList" });
export const OriginRequest = z.strictObject({ origin: z.string().min(1).max(300) });
export const Origin = z.object({ origin: z.string() }).meta({ id: "Origin" });

export const ManagedNetwork = z
  .object({
    network: NetworkName,
    policyVersion: z.int().nullable().meta({ description: "In force; null: nothing is sponsored" }),
    allowlistOnly: z.boolean().meta({ description: "True: only wallets on the allowlist are sponsored" }),
    explorer: z.string().nullable(),
    isServed: z.boolean().meta({ description: "False: this deployment has no nodes for it" }),
    sponsors: z.int().meta({ description: "How many pay for it" }),
  })
  .meta({ id: "ManagedNetwork" });
export type ManagedNetwork = z.infer<typeof ManagedNetwork>;
export const ManagedNetworkList = z
  .object({
    data: z.array(ManagedNetwork),
    /** What else this deployment serves and this project's environment may have. */
    available: z.array(NetworkName),
  })
  .meta({ id: "ManagedNetworkList" });
export const NetworkChange = z.strictObject({
  allowlistOnly: z.boolean().optional(),
  explorer: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine((text) => !/\p{Cc}/u.test(text), "must not hold control characters")
    .nullable()
    .optional(),
});

export const ProjectKey = z
  .object({
    id: KeyId,
    kind: z.enum(["publishable", "secret"]),
    name: z.string().nullable(),
    lastFour: z.string(),
    scopes: z.array(Scope),
    createdAt: Time,
    lastUsedAt: Time.nullable(),
    endsAt: Time.nullable().meta({ description: "Of a key that was rolled or has an end; null: none" }),
    isActive: z.boolean(),
  })
  .meta({ id: "ProjectKey", description: "A key as it is kept: never the key itself" });
export type ProjectKey = z.infer<typeof ProjectKey>;
export const ProjectKeyList = pageOf("ProjectKeyList", ProjectKey);
export const CreatedKey = ProjectKey.extend({ key: z.string().meta({ description: "Shown once" }) }).meta({
  id: "CreatedKey",
});
export type CreatedKey = z.infer<typeof CreatedKey>;
const Scopes = z.array(Scope).min(1).max(Scope.options.length);
export const NewKey = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("publishable"), name: Line(80).optional() }),
  z.strictObject({
    kind: z.literal("secret"),
    name: Line(80),
    scopes: Scopes,
    expiresInSeconds: z.int().min(300).max(31_536_000).optional(),
  }),
]);
export const RollRequest = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(2_592_000)
    .default(86_400)
    .meta({ description: "How long the old key still opens" }),
});

const SponsorState = z.enum(["active", "draining", "retired"]);
export const ManagedSponsor = z
  .object({
    id: SponsorId,
    network: NetworkName,
    address: z.string(),
    state: SponsorState.meta({ description: "draining: it pays for nothing new" }),
    isMember: z.boolean().meta({ description: "True: it pays for this project" }),
    canSign: z.boolean().meta({ description: "True: this deployment has its key" }),
    balance: Amount.nullable(),
    balanceFloor: Amount,
    observedAt: Time.nullable(),
    spentPerDay: Amount.meta({ description: "Fee and rent a day, mean of the last seven days, all its projects" }),
    runwayDays: z
      .number()
      .nullable()
      .meta({ description: "What is above the floor, at that pace; null: nothing was spent, or no balance is known" }),
  })
  .meta({ id: "ManagedSponsor" });
export type ManagedSponsor = z.infer<typeof ManagedSponsor>;
export const ManagedSponsorList = z.object({ data: z.array(ManagedSponsor) }).meta({ id: "ManagedSponsorList" });
export const SponsorRotation = z.strictObject({
  to: SponsorId.meta({
    description: "Takes over; what was prepared with the one before is accepted five minutes more",
  }),
});

const Window = z.enum(["hour", "day", "month", "lifetime"]);
const Unit = z.enum(["relays", "fee", "rent"]);
const Subject = z
  .enum(["user", "project", "policy"])
  .meta({ description: "Each user, the whole project, or each version of the policy" });
export const Budget = z
  .object({
    subject: Subject,
    window: Window,
    unit: Unit,
    limit: Amount,
    used: Amount.nullable().meta({ description: "In the current window; null where each user has an own" }),
    held: Amount.nullable(),
    resetsAt: Time.nullable(),
  })
  .meta({ id: "Budget" });
export type Budget = z.infer<typeof Budget>;
export const BudgetList = z.object({ version: Version, data: z.array(Budget) }).meta({ id: "BudgetList" });
export type BudgetList = z.infer<typeof BudgetList>;
/** More than a billion relays a day for two years. */
const MAX_RELAY_DIGITS = 12;

export const BudgetChange = z.strictObject({
  version: Version,
  data: z
    .array(
      z
        .strictObject({
          subject: Subject,
          window: Window,
          unit: Unit,
          limit: Amount.refine((amount) => amount.length <= 30, "is more than there can be"),
        })
        .refine(({ unit, limit }) => unit !== "relays" || limit.length <= MAX_RELAY_DIGITS, {
          path: ["limit"],
          message: "is more relays than there can be: at most 999999999999",
        }),
    )
    .max(36)
    .refine(
      (limits) =>
        new Set(limits.map(({ subject, window, unit }) => `${subject} ${window} ${unit}`)).size === limits.length,
      "names a subject, window and unit twice",
    ),
});
export type BudgetChange = z.infer<typeof BudgetChange>;
