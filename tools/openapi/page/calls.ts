import { STATUS_CODES } from "node:http";
import { ROUTES, type RouteDescription, type RouteGroup } from "../../../bff/src/contract/routes.ts";
import { codesByStatus } from "../answers.ts";
import { querySchema } from "../document.ts";
import { EXAMPLES } from "../examples.ts";
import { html, type Html, prose } from "../html.ts";
import type { SchemaBook } from "../schemas.ts";
import { codeBlock, curlOf, formatJson, shorten } from "./code.ts";
import { fieldTable, listFields, wordTable } from "./fields.ts";

const CALLERS: Readonly<Record<RouteDescription["caller"], Html>> = {
  key: html`With the project's key, from one of its origins.`,
  token: html`With a user's access token, from the session's origin.`,
  metrics: html`With the deployment's metrics token, as a bearer token.`,
  nobody: html`By anybody, without a key.`,
};

const GROUP_NOTES: Readonly<Record<RouteGroup, string>> = {
  "Sign in": "A wallet proves itself with one signature and gets a session. These calls need only the project's key.",
  Sessions: "What a signed-in user may see and end of their own.",
  Wallets: "Which wallets can sign in as this user. Each has proved itself once.",
  Relays: "A relay is the record of one sponsored transaction, from the request until the chain has the last word.",
  Operations: "Is it there, is it well, and how is it used. These calls need no project.",
};

export const groupId = (group: RouteGroup): string => group.toLowerCase().replaceAll(" ", "-");

const codeLink = (code: string): Html => html`<a href="#${code}"><code>${code}</code></a>`;

function requestTables(route: RouteDescription, book: SchemaBook): readonly Html[] {
  const { id, body, operationId, summary } = route;
  const query = querySchema(route, book);
  const parts: readonly (readonly [string, Html] | undefined)[] = [
    id && [
      "Path",
      wordTable(
        `Path of: ${summary}`,
        ["Field", "Meaning"],
        [
          [
            html`<code>id</code><small><code>${EXAMPLES[operationId]?.id?.slice(0, 4)}…</code></small>`,
            html`Whose id it is.`,
          ],
        ],
      ),
    ],
    query && ["Query", fieldTable(`Query of: ${summary}`, listFields(query, book.components), "optional")],
    body && [
      "Body",
      fieldTable(
        `Body of: ${summary}`,
        listFields(book.refer(body, "input", operationId), book.components),
        "optional",
      ),
    ],
  ];
  return parts.flatMap((part) =>
    part
      ? [
          html`<h4>${part[0]}</h4>
            ${part[1]}`,
        ]
      : [],
  );
}

function answerTable({ operationId, summary, answer }: RouteDescription, book: SchemaBook): Html {
  const { status, description, schema } = answer;
  const fields = schema ? listFields(book.refer(schema, "output", operationId), book.components) : [];
  return html`<h4>Answer <span class="status">${status}</span></h4>
    <p>${prose(description)}</p>
    ${fields.length > 0 ? fieldTable(`Answer of: ${summary}`, fields, "may be absent") : undefined}`;
}

function refusalTable(route: RouteDescription): Html {
  const rows = [...codesByStatus(route)].map(([status, codes]) => [
    html`<span class="status bad">${status}</span>`,
    html`<span class="codes">${codes.map((code) => html`${codeLink(code)} `)}</span>`,
  ]);
  return html`<h4>Refusals</h4>
    ${wordTable(`Refusals of: ${route.summary}`, ["Status", "Codes"], rows)}`;
}

function exampleBlocks(route: RouteDescription): Html {
  const { status } = route.answer;
  const response = EXAMPLES[route.operationId]?.response;
  const title = html`<span class="status">${status}</span> ${STATUS_CODES[status]}`;
  const text = (response as { message?: string } | undefined)?.message;
  return html`<div class="code">
    ${codeBlock("Call", curlOf(route))}${response === undefined ? undefined : codeBlock(title, formatJson(shorten(response)))}
    ${text === undefined ? undefined : codeBlock(html`<code>message</code>, the text to sign`, text)}
  </div>`;
}

export const methodBadge = (method: string): Html =>
  html`<span class="method ${method.toLowerCase()}">${method}</span>`;

function describeCall(route: RouteDescription, book: SchemaBook): Html {
  const { operationId, method, path, summary, description, caller } = route;
  return html`<section class="call" id="${operationId}" aria-labelledby="${operationId}-title">
    <div class="text">
      <h3 id="${operationId}-title"><a href="#${operationId}">${summary}</a></h3>
      <p class="address">
        ${methodBadge(method)} <code>${path.split(/(?=\/)/).map((part) => html`${part}<wbr />`)}</code>
      </p>
      <p>${prose(description)}</p>
      <p class="who">
        ${CALLERS[caller]}${
          route.isIdempotent
            ? html` Needs an <a href="#idempotency"><code>Idempotency-Key</code></a
                >.`
            : undefined
        }
      </p>
      ${requestTables(route, book)}${answerTable(route, book)}${refusalTable(route)}
    </div>
    ${exampleBlocks(route)}
  </section>`;
}

/** Every call, by group. */
export function describeCalls(book: SchemaBook): Html {
  const groups = Map.groupBy(ROUTES, ({ group }) => group);
  return html`${[...groups].map(
    ([group, routes]) =>
      html`<section class="group" aria-labelledby="${groupId(group)}">
        <h2 id="${groupId(group)}">${group}</h2>
        <p class="lead">${GROUP_NOTES[group]}</p>
        ${routes.map((route) => describeCall(route, book))}
      </section>`,
  )}`;
}
