import type { ManageRoute } from "../../../bff/src/contract/manage/routes.ts";
import { codesByStatus } from "../answers.ts";
import { html, type Html, prose } from "../html.ts";
import { methodBadge } from "../page/calls.ts";
import { codeBlock, formatJson, shorten } from "../page/code.ts";
import type { SchemaBook } from "../schemas.ts";
import { manageQuery } from "./describe.ts";
import { MANAGE_EXAMPLES, PARAMETER_EXAMPLES } from "./examples.ts";
import { fieldLists, nameAnswer } from "./fields.ts";
import { MANAGE_GROUPS, MANAGE_OPERATIONS, type ManageOperation, sayMoreScope } from "./operations.ts";

export const manageGroupId = (group: ManageRoute["group"]): string => `group-${group.toLowerCase()}`;

const SHELL_NAMES: Readonly<Record<string, string>> = {
  organizationId: "$ORGANIZATION",
  projectId: "$PROJECT",
  network: "$NETWORK",
};

/** The call as a line for a shell: with a secret key where one opens it, else from the dashboard's own page. */
function manageCurl({ operationId, method, address, openers, body }: ManageOperation): string {
  const path = address.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => SHELL_NAMES[name] ?? encodeURIComponent(PARAMETER_EXAMPLES[name] ?? ""),
  );
  const request = MANAGE_EXAMPLES[operationId]?.request;
  const isPlain = method === "GET" || (method === "POST" && body !== undefined);
  const token = openers.includes("key") ? "$SECRET_KEY" : "$TOKEN";
  return [
    `curl ${isPlain ? "" : `-X ${method} `}"$API${path}"`,
    `  -H "Authorization: Bearer ${token}"`,
    ...(openers.includes("key") ? [] : ['  -H "Origin: $API"']),
    ...(request ? ['  -H "Content-Type: application/json"', `  -d '${formatJson(shorten(request))}'`] : []),
  ].join(" \\\n");
}

function describeRights(operation: ManageOperation): Html {
  const { openers, roles, scope, audit, rateClass } = operation;
  const members = roles === null ? "whoever has signed in" : roles.length === 5 ? "every member" : roles.join(", ");
  const more = sayMoreScope(operation);
  const keys = html`, and keys with <code>${scope ?? ""}</code>${more === "" ? undefined : html`; ${prose(more)}`}`;
  return html`<p class="who">
    For ${members}${openers.includes("key") ? keys : "; no key opens it"}.
    ${audit === null ? undefined : html`Audit log: <code>${audit}</code>. `}Limit: <code>${rateClass}</code>.
  </p>`;
}

function describeInput(operation: ManageOperation, book: SchemaBook): readonly Html[] {
  const { body, operationId } = operation;
  const query = manageQuery(operation, book);
  const inputs = [
    ...(query ? [["Query", query] as const] : []),
    ...(body ? [["Body", book.refer(body, "input", operationId)] as const] : []),
  ];
  return inputs.map(([title, schema]) => {
    const lists = fieldLists(schema, book.components, "optional");
    const isEmpty = Object.keys(schema.properties ?? {}).length === 0 && schema.oneOf === undefined;
    return html`<h4>${title}</h4>
      ${isEmpty ? html`<p>None, or <code>{}</code>.</p>` : lists}`;
  });
}

/** Refusals that are not those of every call. */
function describeRefusals({ codes }: ManageOperation, common: ReadonlySet<string>): Html | undefined {
  const own = [...codesByStatus({ codes: codes.filter((code) => !common.has(code)) }).values()].flat();
  if (own.length === 0) return undefined;
  return html`<p class="codes">
    Refused as ${own.map((code) => html`<a href="{api}/docs#${code}"><code>${code}</code></a> `)}
  </p>`;
}

function describeCall(operation: ManageOperation, book: SchemaBook, common: ReadonlySet<string>): Html {
  const { operationId, method, address, summary, description, answer } = operation;
  const schema = answer.schema && book.refer(answer.schema, "output", operationId);
  const response = MANAGE_EXAMPLES[operationId]?.response;
  return html`<section class="call slim" id="${operationId}" aria-labelledby="${operationId}-title">
    <div class="text">
      <h3 id="${operationId}-title"><a href="#${operationId}">${summary}</a></h3>
      <p class="address">
        ${methodBadge(method)} <code>${address.split(/(?=\/)/).map((part) => html`${part}<wbr />`)}</code>
      </p>
      <p>${prose(description)}</p>
      ${describeRights(operation)}${describeInput(operation, book)}
      <p>
        <span class="status">${answer.status}</span>
        ${prose(answer.description)}${schema && nameAnswer(schema, book.components)}
      </p>
      ${describeRefusals(operation, common)}
    </div>
    <div class="code">
      ${codeBlock("Call", manageCurl(operation))}${
        response === undefined ? undefined : codeBlock("Answer", formatJson(shorten(response)))
      }
    </div>
  </section>`;
}

/** Codes that every call of the management API can answer with. */
export const COMMON_CODES: readonly string[] = (MANAGE_OPERATIONS[0]?.codes ?? []).filter((code) =>
  MANAGE_OPERATIONS.every(({ codes }) => codes.includes(code)),
);
/** Said once at the top, with those of every call that takes a body or a query. */
const SAID_ONCE = new Set([
  ...COMMON_CODES,
  "auth.scope_missing",
  "request.malformed",
  "request.invalid",
  "request.too_large",
  "request.unsupported_media_type",
]);

/** Every call, by group. */
export function describeManageCalls(book: SchemaBook): Html {
  const groups = Map.groupBy(MANAGE_OPERATIONS, ({ group }) => group);
  return html`${[...groups].map(
    ([group, operations]) =>
      html`<section class="group" aria-labelledby="${manageGroupId(group)}">
        <h2 id="${manageGroupId(group)}">${group}</h2>
        <p class="lead">${MANAGE_GROUPS[group]}</p>
        ${operations.map((operation) => describeCall(operation, book, SAID_ONCE))}
      </section>`,
  )}`;
}
