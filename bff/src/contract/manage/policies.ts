import * as z from "zod";
import { Explanation } from "../relays.ts";
import { Base64, NetworkName, Time } from "../values.ts";
import { DecisionId, DraftId, Line, pageOf, Version } from "./values.ts";

/** Of a policy: as large as SQL counts. */
const MAX_VERSION = 2_147_483_647;
const VersionNumber = z.int().min(1).max(MAX_VERSION);

/** A policy in its network's language: read by `POST …/policies/check`. */
const Document = z
  .record(z.string(), z.unknown())
  .meta({ description: "SolanaPolicy or AlgorandPolicy, by the network" });

export const PolicyVersion = z
  .object({
    version: z.int(),
    createdAt: Time,
    isInForce: z.boolean(),
    actor: z
      .object({ kind: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "Who published it; null: before this was kept" }),
  })
  .meta({ id: "PolicyVersion" });
export type PolicyVersion = z.infer<typeof PolicyVersion>;
export const PolicyVersionList = pageOf("PolicyVersionList", PolicyVersion);
export const PolicyVersionDetail = PolicyVersion.extend({ document: Document }).meta({ id: "PolicyVersionDetail" });
export type PolicyVersionDetail = z.infer<typeof PolicyVersionDetail>;

const Finding = z.object({
  severity: z.enum(["error", "warning"]),
  lint: z.string(),
  pointer: z.string(),
  message: z.string(),
  fix: z.object({ description: z.string() }),
});
const Difference = z.object({ pointer: z.string(), before: z.unknown().optional(), after: z.unknown().optional() });
export const PolicyCheck = z
  .object({
    document: Document.meta({ description: "As it was read" }),
    currentVersion: z.int().nullable(),
    findings: z.array(Finding).meta({ description: "Errors first; an error keeps it from being published" }),
    mended: Document.meta({ description: "After the fix of every finding" }),
    differences: z.array(Difference).meta({ description: "Against the version in force" }),
  })
  .meta({ id: "PolicyCheck" });
export type PolicyCheck = z.infer<typeof PolicyCheck>;
export const PolicyCheckRequest = z.strictObject({
  document: Document,
  against: VersionNumber.optional().meta({ description: "Another version to compare with" }),
});

export const PublishRequest = z.strictObject({
  document: Document,
  expectedVersion: z
    .int({ error: "must be the number of the version in force, or null where none is" })
    .min(1)
    .max(MAX_VERSION)
    .nullable()
    .meta({ description: "In force when the draft was made; null: none" }),
  draftId: DraftId.optional().meta({ description: "Is removed when it still says what is published" }),
});
export const Published = z
  .object({ version: z.int(), isNew: z.boolean().meta({ description: "False: what is in force says the same" }) })
  .meta({ id: "Published" });
export type Published = z.infer<typeof Published>;
export const RollBackRequest = z.strictObject({
  version: VersionNumber,
  expectedVersion: VersionNumber.meta({ description: "In force when this was decided" }),
});

export const Draft = z
  .object({
    id: DraftId,
    name: z.string(),
    document: Document,
    baseVersion: z.int().nullable().meta({ description: "In force when it was begun" }),
    version: Version,
    updatedAt: Time,
  })
  .meta({ id: "Draft" });
export type Draft = z.infer<typeof Draft>;
export const DraftList = pageOf("DraftList", Draft.omit({ document: true }));
export const NewDraft = z.strictObject({ name: Line(80), document: Document });
export const DraftChange = z.strictObject({ version: Version, name: Line(80).optional(), document: Document });

/** Where a value stands in an instruction that the editor can name. */
const CatalogueInstruction = z.object({
  name: z.string(),
  arguments: z.array(z.object({ name: z.string(), type: z.string() })),
  accounts: z.array(z.string()),
  sponsorRoles: z.array(z.string()).meta({ description: "Roles in which a policy may let the sponsor stand" }),
});
const PolicyTemplate = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  document: Document,
});
export const PolicyCatalogue = z
  .object({
    programs: z.array(z.object({ address: z.string(), name: z.string(), instructions: z.array(CatalogueInstruction) })),
    templates: z.array(PolicyTemplate),
  })
  .meta({ id: "PolicyCatalogue", description: "What the policy editor can offer for a network" });
export type PolicyCatalogue = z.infer<typeof PolicyCatalogue>;

export const IdlRequest = z.strictObject({
  idl: z.record(z.string(), z.unknown()).meta({ description: "An Anchor IDL (old or new) or a Codama root" }),
  programAddress: z.string().max(64).optional().meta({ description: "Where the IDL does not name it" }),
});
export const IdlReading = z
  .object({
    program: z.record(z.string(), z.unknown()).meta({ description: "For `programs` of a SolanaPolicy" }),
    skipped: z
      .array(z.object({ instruction: z.string(), reason: z.string() }))
      .meta({ description: "Instructions that policies cannot decide about: they stay refused" }),
  })
  .meta({ id: "IdlReading" });
export type IdlReading = z.infer<typeof IdlReading>;

export const ManageExplainRequest = z.strictObject({
  network: NetworkName.optional(),
  transaction: Base64.optional(),
  transactions: z.array(Base64).min(1).max(16).optional(),
  wallet: z.string().max(120).optional().meta({ description: "Whose session; absent: a new user's" }),
  decisionId: DecisionId.optional().meta({ description: "Instead of a transaction: one of the last 30 days" }),
  draftId: DraftId.optional().meta({ description: "What this draft would say; absent: what is in force" }),
  document: Document.optional(),
});
export const ManageExplanation = Explanation.extend({
  policyVersion: z.int().nullable().meta({ description: "null: by a draft" }),
  network: NetworkName,
  wallet: z.string(),
  decided: z
    .object({
      at: Time,
      verdict: z.enum(["sponsor", "refuse"]),
      code: z.string().nullable(),
      policyVersion: z.int().nullable(),
    })
    .nullable()
    .meta({ description: "What was decided then, of a past decision" }),
  instructions: z
    .array(
      z.object({
        position: z
          .int()
          .meta({ description: "As `instruction` in the trace; those that a batch carries have that of the batch" }),
        program: z.string(),
        programName: z.string().nullable(),
        instruction: z.string().nullable(),
        arguments: z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])),
        accounts: z.array(z.object({ role: z.string().nullable(), address: z.string() })),
      }),
    )
    .meta({ description: "The transaction as it was read; empty where it could not be" }),
  fixes: z
    .array(
      z.object({
        description: z.string(),
        document: Document.meta({ description: "The policy in force, or the draft, after it" }),
      }),
    )
    .meta({ description: "Changes of the policy that would let it through, the smallest first" }),
}).meta({ id: "ManageExplanation" });
export type ManageExplanation = z.infer<typeof ManageExplanation>;
