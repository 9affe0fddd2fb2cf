import * as z from "zod";
import { Amount, Base64, idOf, NetworkName, Time } from "./values.ts";

export const RelayState = z.enum([
  "received",
  "signed",
  "submitted",
  "confirmed",
  "finalized",
  "rejected",
  "failed",
  "expired",
]);
export type RelayState = z.infer<typeof RelayState>;

/** As many as a group holds. */
const MAX_GROUP = 16;

export const PrepareRequest = z
  .strictObject({
    network: NetworkName,
    transactions: z
      .array(Base64)
      .min(1)
      .max(MAX_GROUP - 1)
      .optional()
      .meta({
        description:
          "On networks with groups, such as Algorand: what the user wants to do, unsigned (msgpack); fee, validity and group are set here",
      }),
  })
  .meta({ id: "PrepareRequest" });
export type PrepareRequest = z.infer<typeof PrepareRequest>;

export const PreparedRelay = z
  .object({
    network: NetworkName,
    feePayer: z.string(),
    lifetime: z.union([
      z.object({ blockhash: z.string(), lastValidBlockHeight: z.int() }),
      z.object({ firstValid: z.int(), lastValid: z.int(), genesisHash: z.string() }),
    ]),
    quote: z
      .object({ fee: Amount, rent: Amount })
      .meta({ description: "The cost of two signatures without a priority fee; of a group, its whole cost" }),
    transactions: z
      .array(z.string().meta({ format: "byte" }))
      .optional()
      .meta({ description: "The complete group in its order, unsigned: the sponsor's transaction first" }),
  })
  .meta({ id: "PreparedRelay" });
export type PreparedRelay = z.infer<typeof PreparedRelay>;

export const RelayRequest = z
  .strictObject({
    network: NetworkName,
    transaction: Base64.optional().meta({
      description: "Wire bytes: every signature but the sponsor's, whose slot is zero",
    }),
    transactions: z
      .array(Base64)
      .min(1)
      .max(MAX_GROUP)
      .optional()
      .meta({ description: "Of a group, each transaction's wire bytes in order: all signed but the sponsor's" }),
  })
  .refine(({ transaction, transactions }) => (transaction === undefined) !== (transactions === undefined), {
    path: ["transaction"],
    message: "is required; for a group give transactions instead, never both",
  })
  .meta({ id: "RelayRequest" });
export type RelayRequest = z.infer<typeof RelayRequest>;

const Cost = z.object({ quoted: Amount, charged: Amount.nullable() });

export const Relay = z
  .object({
    id: idOf("rly"),
    network: NetworkName,
    state: RelayState,
    transactionId: z.string().optional().meta({ description: "Present once the sponsor has signed" }),
    groupId: z
      .string()
      .optional()
      .meta({ description: "Of a group, in base64; stands with transactionIds instead of transactionId" }),
    transactionIds: z.array(z.string()).optional(),
    fee: Cost,
    rent: Cost,
    failure: z
      .object({ code: z.string(), detail: z.string(), context: z.record(z.string(), z.unknown()).optional() })
      .nullable(),
    createdAt: Time,
    updatedAt: Time,
    slot: z.int().optional(),
  })
  .meta({ id: "Relay", description: "The record of one sponsored transaction" });
export type Relay = z.infer<typeof Relay>;

export const RelayQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^(?:[0-9]|1[0-9]|2[0-5])$/, "must be a whole number of seconds from 0 to 25")
    .transform(Number)
    .default(0)
    .meta({ description: "Seconds, 0 to 25" }),
  after: RelayState.optional().meta({ description: "Answer when the state differs from this one" }),
});
export type RelayQuery = z.infer<typeof RelayQuery>;

export const RelayListQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^(?:[1-9][0-9]?|100)$/, "must be a whole number from 1 to 100")
    .transform(Number)
    .default(20),
  cursor: idOf("rly").optional(),
});
export type RelayListQuery = z.infer<typeof RelayListQuery>;

export const RelayList = z
  .object({ data: z.array(Relay), nextCursor: z.string().nullable() })
  .meta({ id: "RelayList" });
export type RelayList = z.infer<typeof RelayList>;

const Verdict = z.enum(["sponsor", "refuse"]);

export const Explanation = z
  .object({
    verdict: Verdict,
    policyVersion: z.int(),
    cost: z.object({ fee: Amount, rent: Amount }),
    trace: z.array(
      z.object({
        rule: z.string(),
        verdict: z.enum(["pass", "fail", "skip"]),
        code: z.string().optional(),
        observed: z.string().optional(),
        limit: z.string().optional(),
        remaining: z.string().optional(),
        resetsAt: Time.optional(),
        instruction: z.int().optional(),
        hint: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "Explanation", description: "What would be decided about a transaction, and what every rule says" });
export type Explanation = z.infer<typeof Explanation>;
