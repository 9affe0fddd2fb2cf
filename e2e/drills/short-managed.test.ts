import { inject, test } from "vitest";
import { poisonJob } from "./23-poison-job.ts";
import { jobsTwice } from "./24-jobs-twice.ts";
import { poisonedConfig } from "./31-poisoned-config.ts";
import { noisyNeighbour } from "./33-noisy-neighbour.ts";
import { auditLog } from "./34-audit-log.ts";
import { runDrill } from "./drill.ts";

/** In little, the drills about what is managed: jobs, configuration, neighbours, the audit log. */
test.each([poisonJob, jobsTwice, poisonedConfig, noisyNeighbour, auditLog])("$title", { timeout: 120_000 }, (drill) =>
  runDrill(drill, { postgresUrl: inject("postgresUrl"), scale: "short" }),
);
