import type { RouteDescription } from "../../../bff/src/contract/routes.ts";
import { EXAMPLES } from "../examples.ts";
import { html, type Html } from "../html.ts";

const LINE_LENGTH = 52;
const TEXT_LENGTH = 30;

/** JSON as a person would write it: what fits on a line stays on it. */
export function formatJson(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null) return flat;
  const entries = Object.entries(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const isShort = flat.length + indent.length <= LINE_LENGTH;
  const parts = entries.map(([key, member]) => {
    const text = isShort ? formatJson(member) : formatJson(member, inner);
    return isList ? text : `${JSON.stringify(key)}: ${text}`;
  });
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const space = isList ? "" : " ";
  if (isShort) return `${open}${space}${parts.join(", ")}${space}${close}`;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** An example with its long texts cut, for a column. */
export function shorten(value: unknown): unknown {
  if (typeof value === "string") return value.length > TEXT_LENGTH ? `${value.slice(0, TEXT_LENGTH - 1)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(shorten);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shorten(member)]));
}

const TOKEN = /("(?:\\.|[^"\\])*")(?=(:)?)|\b(?:true|false|null)\b|(?<=[\s[])-?\d+(?=[\s,\]}]|$)/g;

/** Names in `b`, texts in `i`, everything else that is a value in `u`. */
function highlight(code: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const [token, text, colon] = match;
    parts.push(html`${code.slice(end, match.index)}`);
    if (colon !== undefined) parts.push(html`<b>${token}</b>`);
    else parts.push(text === undefined ? html`<u>${token}</u>` : html`<i>${token}</i>`);
    end = match.index + token.length;
  }
  return html`${parts}${code.slice(end)}`;
}

const block = (title: Html | string, code: Html | string): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <pre tabindex="0"><code>${code}</code></pre>
  </figure>`;

/** A block of code under its own small heading; it scrolls by itself, also from the keyboard. */
export const codeBlock = (title: Html | string, code: string): Html => block(title, highlight(code));

/** The same for a language whose quotes are not those of JSON. */
export const scriptBlock = (title: Html | string, code: string): Html => block(title, code);

const CALLER_HEADERS: Readonly<Record<RouteDescription["caller"], readonly string[]>> = {
  key: ["Gasless-Key: $KEY", "Origin: $ORIGIN"],
  token: ["Authorization: Bearer $TOKEN", "Origin: $ORIGIN"],
  metrics: ["Authorization: Bearer $METRICS_TOKEN"],
  nobody: [],
};

/** The call as a line for a shell. */
export function curlOf({ method, path, operationId, caller, isIdempotent, body }: RouteDescription): string {
  const { id = "", query, request } = EXAMPLES[operationId] ?? {};
  const search = query ? `?${decodeURIComponent(new URLSearchParams(query).toString())}` : "";
  const address = `{api}${path.replace("{id}", id)}${search}`;
  const headers = [
    ...CALLER_HEADERS[caller],
    ...(isIdempotent ? ["Idempotency-Key: $INTENT"] : []),
    ...(body ? ["Content-Type: application/json"] : []),
  ];
  return [
    `curl ${method === "DELETE" ? "-X DELETE " : ""}${search ? `"${address}"` : address}`,
    ...headers.map((header) => `  -H "${header}"`),
    ...(request ? [`  -d '${formatJson(shorten(request))}'`] : []),
  ].join(" \\\n");
}
