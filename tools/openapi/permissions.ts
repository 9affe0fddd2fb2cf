import { Role } from "../../bff/src/contract/manage/values.ts";
import {
  CALLS_PER_MINUTE,
  HEAVY_CALLS_TOGETHER,
  MANAGE_OPERATIONS,
  type ManageOperation,
  sayMoreScope,
} from "./manage/operations.ts";

const MARK = "●";

function describeRow(operation: ManageOperation): string {
  const { operationId, method, path, openers, scope, roles, audit, rateClass } = operation;
  const members = Role.options.map((role) => (roles === null || roles.includes(role) ? MARK : ""));
  const whoever = openers.includes("user") ? `\`${operationId}\` (whoever has signed in)` : `\`${operationId}\``;
  const cells = [
    whoever,
    `\`${method} ${path}\``,
    scope === null ? "" : [`\`${scope}\``, sayMoreScope(operation)].filter(Boolean).join("; "),
    ...members,
    audit === null ? "" : `\`${audit}\``,
    rateClass.replace("manage-", ""),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Who may do what at the management API, for people who read the repository. */
export function renderPermissions(): string {
  const columns = ["call", "path below `/v1/manage`", "scope of a key", ...Role.options, "audit entry", "rate class"];
  const limits = Object.entries(CALLS_PER_MINUTE).map(([name, calls]) => `\`${name.replace("manage-", "")}\` ${calls}`);
  const groups = [...Map.groupBy(MANAGE_OPERATIONS, ({ group }) => group)].map(
    ([group, operations]) => `## ${group}

| ${columns.join(" | ")} |
|${columns.map(() => "---").join("|")}|
${operations.map(describeRow).join("\n")}
`,
  );
  return `# Permissions

This page is generated from \`bff/src/contract/manage/routes.ts\`: run \`npm run openapi\` after a change there.

Each call of the management API declares once who may make it; a test walks every call with every role, every scope and
another organization's. A secret key opens a call with its scope alone, and none where the column is empty; with a field that
shows more it needs another one, too. A member needs one of the roles that are marked. What is another organization's is not
found, whoever asks. The audit entry is written by the database in the same transaction.

Calls a minute of one key or member: ${limits.join(", ")}. Of the class \`heavy\`, all keys and
members of one project have \`heavy-shared\` ${HEAVY_CALLS_TOGETHER} together: another key is not another limit.

${groups.join("\n")}`;
}
