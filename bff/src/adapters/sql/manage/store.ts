import type { Actor } from "../../../domain/manage.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Database } from "../database.ts";
import { actingAs } from "./acting.ts";
import { createAuditPages } from "./audit.ts";
import { createBudgetQueries } from "./budgets.ts";
import { createDecisionQueries } from "./decisions.ts";
import { createJobQueries } from "./jobs.ts";
import { createKeyQueries } from "./keys.ts";
import { createManagedRelayQueries } from "./relays.ts";
import { createUserQueries } from "./users.ts";
import { createListQueries } from "./lists.ts";
import { createOrganizationQueries } from "./organizations.ts";
import { createOverviewQueries } from "./overview.ts";
import { createManagedPolicyQueries } from "./policies.ts";
import { createProjectSettingsQueries } from "./projects.ts";
import { createSponsorQueries } from "./sponsors.ts";

/** Everything that is managed, for somebody whom the audit log names. */
export function createManageStore(database: Database, actor: Actor): ManageStore {
  const acting = actingAs(database, actor);
  return {
    ...createOrganizationQueries(acting),
    ...createProjectSettingsQueries(acting),
    ...createKeyQueries(acting),
    ...createDecisionQueries(acting),
    ...createManagedRelayQueries(acting),
    ...createUserQueries(acting),
    ...createListQueries(acting),
    ...createJobQueries(acting),
    ...createManagedPolicyQueries(acting),
    ...createOverviewQueries(acting),
    ...createBudgetQueries(acting),
    ...createSponsorQueries(acting),
    ...createAuditPages(acting),
  };
}
