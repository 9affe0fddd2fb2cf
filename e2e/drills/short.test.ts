import { inject, test } from "vitest";
import { doubleSpend } from "./01-double-spend.ts";
import { oneKey } from "./03-one-key.ts";
import { lostAnswer } from "./06-lost-answer.ts";
import { tokenKeys } from "./18-token-keys.ts";
import { poisonJob } from "./23-poison-job.ts";
import { jobsTwice } from "./24-jobs-twice.ts";
import { poisonedConfig } from "./31-poisoned-config.ts";
import { noisyNeighbour } from "./33-noisy-neighbour.ts";
import { auditLog } from "./34-audit-log.ts";
import { runDrill } from "./drill.ts";

/** In little, those of `npm run drills` that take seconds. The fourth has a file of its own. */
test.each([doubleSpend, oneKey, lostAnswer, tokenKeys, poisonJob, jobsTwice, poisonedConfig, noisyNeighbour, auditLog])(
  "$title",
  { timeout: 120_000 },
  (drill) => runDrill(drill, { postgresUrl: inject("postgresUrl"), scale: "short" }),
);
