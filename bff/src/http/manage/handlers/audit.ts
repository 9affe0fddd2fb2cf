import { exportAudit } from "../../../services/manage/audit-log/export-audit.ts";
import type { Handlers } from "../handler.ts";

export const auditHandlers: Handlers<"listProjectAudit" | "listOrganizationAudit" | "exportProjectAudit"> = {
  listProjectAudit: ({ store, params, query }) => store.listAudit(params.projectId, query),
  listOrganizationAudit: ({ store, params, query }) => store.listAudit(params.organizationId, query),
  exportProjectAudit: ({ ports, params, query }) => exportAudit(ports, params.projectId, BigInt(query.after)),
};
