import * as z from "zod";
import { Amount, NetworkName, Time } from "../values.ts";
import { DraftId, JobId, pageOf, pageQuery } from "./values.ts";

const JobKind = z.enum(["import", "backtest"]);
const JobState = z.enum(["queued", "running", "succeeded", "failed", "dead", "discarded"]).meta({
  description: "failed: what it was given cannot be done; dead: it failed too often, and can be retried or discarded",
});

const ImportResult = z.object({ kind: z.literal("import"), added: z.int(), changed: z.int(), removed: z.int() });
const Outcome = z.object({ count: z.int(), fee: Amount, rent: Amount });
export const BacktestResult = z
  .object({
    kind: z.literal("backtest"),
    days: z.int(),
    decisions: z.int(),
    /** What was decided, then what the draft says; `otherwise`: refused for what no policy decides, such as a budget. */
    stillSponsored: Outcome,
    newlySponsored: Outcome,
    newlyRefused: Outcome,
    stillRefused: Outcome,
    refusedOtherwise: Outcome,
    unreadable: z.int(),
    codes: z
      .array(z.object({ code: z.string(), before: z.int(), after: z.int() }))
      .meta({ description: "Refusals by code, most first" }),
    samples: z
      .array(
        z.object({
          decisionId: z.string(),
          change: z.enum(["newlySponsored", "newlyRefused"]),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      )
      .meta({ description: "At most 50 of those that would change; none for a key without `traffic:read`" }),
  })
  .meta({ id: "BacktestResult" });
export type BacktestResult = z.infer<typeof BacktestResult>;

export const Job = z
  .object({
    id: JobId,
    kind: JobKind,
    network: NetworkName,
    state: JobState,
    label: z.string().meta({ description: "What it does, in words" }),
    done: z.int(),
    total: z.int(),
    attempts: z.int(),
    error: z
      .object({
        detail: z.string(),
        errors: z
          .array(z.object({ line: z.int(), detail: z.string() }))
          .optional()
          .meta({ description: "Of a CSV" }),
      })
      .nullable(),
    result: z.union([ImportResult, BacktestResult]).nullable(),
    createdAt: Time,
    updatedAt: Time,
    endedAt: Time.nullable(),
  })
  .meta({ id: "Job", description: "Longer work, done in parts" });
export type Job = z.infer<typeof Job>;
export const JobList = pageOf("JobList", Job);
export const JobQuery = pageQuery({ state: JobState.optional(), kind: JobKind.optional() });

export const BacktestRequest = z.strictObject({
  network: NetworkName,
  days: z.union([z.literal(7), z.literal(30)]),
  document: z.record(z.string(), z.unknown()).optional(),
  draftId: DraftId.optional(),
});
