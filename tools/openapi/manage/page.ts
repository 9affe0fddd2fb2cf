import { CONSOLE_PUBLISHABLE_KEY } from "../../../bff/src/contract/manage/console.ts";
import { html, type Html } from "../html.ts";
import { describeManagePaths } from "../document.ts";
import { methodBadge } from "../page/calls.ts";
import type { NavigationItem } from "../page/navigation.ts";
import { renderPage } from "../page/shell.ts";
import { createSchemaBook } from "../schemas.ts";
import { COMMON_CODES, describeManageCalls, manageGroupId } from "./calls.ts";
import { describeManageObjects } from "./objects.ts";
import { CALLS_PER_MINUTE, HEAVY_CALLS_TOGETHER, MANAGE_OPERATIONS } from "./operations.ts";

const ABOUT =
  "What the dashboard does, a script can do: keys, origins, policies, lists, budgets, sponsors, and everything that was decided. Each call says which roles and which scope of a secret key it needs.";

function contents(): readonly NavigationItem[] {
  const groups = [...Map.groupBy(MANAGE_OPERATIONS, ({ group }) => group)].map(([group, operations]) => ({
    id: manageGroupId(group),
    title: group,
    items: operations.map(({ operationId, method, summary }) => ({
      id: operationId,
      title: html`<span>${summary}</span> ${methodBadge(method)}`,
    })),
  }));
  return [{ id: "calling", title: "Making a call" }, ...groups, { id: "objects", title: "Objects and values" }];
}

const code = (name: string): Html => html`<a href="{api}/docs#${name}"><code>${name}</code></a>`;

const CALLING = html`<section class="group guide" aria-labelledby="calling">
  <h2 id="calling">Making a call</h2>
  <div class="part">
    <ul>
      <li>
        <strong>A server</strong> sends a secret key of the project, <code>Authorization: Bearer sk_…</code>, and no
        <code>Origin</code>. Below, <code>$SECRET_KEY</code> stands for it, <code>$API</code> for <code>{api}</code>,
        <code>$PROJECT</code> and <code>$NETWORK</code> for what it is about. A key opens its own project's calls, those
        of its scopes alone.
      </li>
      <li>
        <strong>A member</strong> uses the dashboard, whose pages turn a session of the console into a management token
        of five minutes. It is good from the API's own origin only: <code>$TOKEN</code> stands for it.
      </li>
      <li>
        <strong>A script that stands in for a member</strong> does what those pages do:
        <a href="{api}/docs#createSession">sign in</a> with a wallet to the console's project,
        <code>Gasless-Key: ${CONSOLE_PUBLISHABLE_KEY}</code> (the same everywhere, and no secret) and
        <code>Origin: {api}</code>; then <a href="#openManageSession">open a management session</a> with the access
        token, and make the other calls with the management token of the answer, <code>$TOKEN</code> below. The first
        owner sends the access token itself to <a href="#claim">claim</a>. The guide has
        <a href="{api}/docs/guide#a-script-that-stands-in-for-a-member">the commands</a>.
      </li>
      <li>
        What is foreign or unknown is ${code("request.not_found")}; what is there and not for the caller is
        ${code("auth.scope_missing")}, whose <code>context</code> names the scope, or the roles of which one is needed.
      </li>
      <li>
        What others may change meanwhile carries a <code>version</code>: send the one you read, and
        ${code("manage.conflict")} says that somebody was faster. Nothing is half-saved.
      </li>
      <li>
        Lists take <code>limit</code> (1 to 100, usually 20) and <code>cursor</code>, the <code>nextCursor</code> of the
        page before; it is null on the last page. Newest first.
      </li>
      <li>
        Calls a minute of one key or member:
        ${Object.entries(CALLS_PER_MINUTE).map(([name, calls], index) => html`${index > 0 ? ", " : ""}${calls} of the class <code>${name}</code>`)}.
        Of the class <code>manage-heavy</code>, all keys and members of one project have ${HEAVY_CALLS_TOGETHER}
        together: another key is not another limit.
      </li>
      <li>
        Any call can also be refused as ${COMMON_CODES.map((name) => html`${code(name)} `)}; one with a body or a query
        as ${code("request.invalid")}, whose <code>errors</code> point at each field.
      </li>
    </ul>
  </div>
</section>`;

/** What members and servers of an organization call, as one page. */
export function renderManagement(): string {
  const book = createSchemaBook();
  describeManagePaths(book);
  return renderPage({
    page: "management",
    title: "Management API",
    about: ABOUT,
    contents: contents(),
    header: html`<header class="hero">
      <div>
        <p class="eyebrow">HTTP API, version 1</p>
        <h1>Management</h1>
        <p class="about">${ABOUT}</p>
      </div>
    </header>`,
    main: [CALLING, describeManageCalls(book), describeManageObjects(book)],
    origin: "Made from the declarations that the API itself is mounted from.",
  });
}
