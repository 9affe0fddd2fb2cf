import { auditHandlers } from "./handlers/audit.ts";
import { budgetHandlers } from "./handlers/budgets.ts";
import { consoleHandlers } from "./handlers/console.ts";
import { jobHandlers } from "./handlers/jobs.ts";
import { keyHandlers } from "./handlers/keys.ts";
import { listHandlers } from "./handlers/lists.ts";
import { organizationHandlers } from "./handlers/organizations.ts";
import { overviewHandlers } from "./handlers/overview.ts";
import { policyHandlers } from "./handlers/policies.ts";
import { projectHandlers } from "./handlers/projects.ts";
import type { Handlers } from "./handler.ts";
import { sponsorHandlers } from "./handlers/sponsors.ts";
import { trafficHandlers } from "./handlers/traffic.ts";

/** Every operation's handler. */
export const HANDLERS: Handlers = {
  ...consoleHandlers,
  ...organizationHandlers,
  ...projectHandlers,
  ...keyHandlers,
  ...listHandlers,
  ...jobHandlers,
  ...policyHandlers,
  ...trafficHandlers,
  ...overviewHandlers,
  ...budgetHandlers,
  ...sponsorHandlers,
  ...auditHandlers,
};
