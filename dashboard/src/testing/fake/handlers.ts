import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { auditFake } from "./audit.ts";
import { budgetsFake } from "./budgets.ts";
import { consoleFake } from "./console.ts";
import { lookAtImport } from "./import-jobs.ts";
import { jobsFake } from "./jobs.ts";
import { keysFake } from "./keys.ts";
import { listsFake } from "./lists.ts";
import { networksFake } from "./networks.ts";
import { organizationFake } from "./organization.ts";
import { originsFake } from "./origins.ts";
import { overviewFake } from "./overview.ts";
import { policiesFake } from "./policies.ts";
import { sponsorsFake } from "./sponsors.ts";
import { trafficFake } from "./traffic.ts";
import type { FakeOptions } from "./world.ts";

const FAKES = [
  consoleFake,
  organizationFake,
  overviewFake,
  policiesFake,
  jobsFake,
  trafficFake,
  listsFake,
  keysFake,
  originsFake,
  networksFake,
  sponsorsFake,
  budgetsFake,
  auditFake,
];

/** Everything the fake API answers. */
export function fakeHandlers(options: FakeOptions): FakeHandlers {
  const handlers = Object.assign({}, ...FAKES.map((fake) => fake(options))) as FakeHandlers;
  const { readJob } = handlers;
  return {
    ...handlers,
    readJob(call) {
      const job = lookAtImport(call.params.jobId) ?? readJob?.(call);
      if (!job) throw new FakeProblem(404, "request.not_found", "There is no such job.");
      return job;
    },
  };
}
