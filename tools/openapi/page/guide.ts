import { PROBLEM_EXAMPLE } from "../examples.ts";
import { REQUEST_HEADERS, RESPONSE_HEADERS } from "../headers.ts";
import { html, type Html, prose } from "../html.ts";
import { codeBlock, formatJson } from "./code.ts";
import { wordTable } from "./fields.ts";

const call = (operationId: string, text: string): Html => html`<a href="#${operationId}"><code>${text}</code></a>`;

const STEPS: readonly (readonly [title: string, text: Html])[] = [
  ["Read the project", html`${call("readConfig", "GET /v1/config")} names its networks and ways to sign in.`],
  [
    "Sign in",
    html`${call("createChallenge", "POST /v1/challenges")} gives a text; the wallet signs it;
    ${call("createSession", "POST /v1/sessions")} answers with tokens.`,
  ],
  [
    "Prepare",
    html`${call("prepareRelay", "POST /v1/relays/prepare")} gives the fee payer and a blockhash. Build the transaction
    with them; the user signs.`,
  ],
  ["Relay", html`${call("createRelay", "POST /v1/relays")} checks it, adds the sponsor's signature and sends it.`],
  ["Follow", html`${call("readRelay", "GET /v1/relays/{id}?wait=25")} answers when it has moved, until it is final.`],
];

const STATES: readonly (readonly [state: string, meaning: string])[] = [
  ["received", "The request is being worked on."],
  ["signed", "The sponsor has signed. What it may cost is held."],
  ["submitted", "A node has it."],
  ["confirmed", "It landed; a fork can still take it back to `submitted`."],
  ["finalized", "It landed for good."],
  ["rejected", "It was refused before the sponsor signed. Nothing was spent."],
  ["failed", "It landed with an error. The sponsor paid its fee."],
  ["expired", "It is proven that it can never land. Nothing was spent."],
];

const FINAL = new Set(["finalized", "rejected", "failed", "expired"]);

const headerRows = (headers: Readonly<Record<string, { description: string; example: string }>>): Html[][] =>
  Object.entries(headers).map(([name, { description, example }]) => [
    html`<code>${name}</code>`,
    html`${prose(description)}<small><code>${example}</code></small>`,
  ]);

const part = (id: string, title: string, text: Html): Html =>
  html`<section class="part" aria-labelledby="${id}">
    <h3 id="${id}">${title}</h3>
    ${text}
  </section>`;

export const GUIDE_PARTS: readonly (readonly [id: string, title: string])[] = [
  ["steps", "From page to paid transaction"],
  ["headers", "Headers"],
  ["possession", "Proof of possession"],
  ["origin", "Origin"],
  ["values", "Values"],
  ["problems", "Errors"],
  ["limits", "Rate limits"],
  ["idempotency", "Idempotency"],
  ["waiting", "Waiting for a relay"],
];

const TEXTS: Readonly<Record<string, Html>> = {
  steps: html`<ol class="steps">
      ${STEPS.map(([title, text]) => html`<li><strong>${title}</strong><span>${text}</span></li>`)}
    </ol>
    <p>
      The examples on this page use <code>$KEY</code> for the project's publishable key, <code>$ORIGIN</code> for one of
      its origins and <code>$TOKEN</code> for an access token.
    </p>`,
  headers: html`<p>
      Requests and answers are JSON in UTF-8. A field that the API does not know is refused, so that a typing error
      never passes for a choice; answers may gain fields, so ignore those you do not know. A body has at most 8 KiB for
      challenges and sessions, 64 KiB elsewhere.
    </p>
    ${wordTable("Headers to send", ["Send", "What it is"], headerRows(REQUEST_HEADERS))}${wordTable("Headers to read", ["Read", "What it says"], headerRows(RESPONSE_HEADERS))}`,
  possession: html`<p>
      A token alone can be stolen. Whoever sends a <code>DPoP</code> proof (<a
        href="https://www.rfc-editor.org/rfc/rfc9449"
        >RFC 9449</a
      >) with ${call("createChallenge", "POST /v1/challenges")} binds the challenge and the session to its key: the
      tokens say <code>tokenType: "DPoP"</code>, and every call with them needs a new proof of that key. Make a P-256
      key that cannot be extracted, and keep it where the refresh token is kept.
    </p>
    <p>
      A proof that is missing, wrong, late or was used before is
      <a href="#auth.proof_invalid"><code>auth.proof_invalid</code></a
      >: nothing is used up and nothing ended by it. When the client's clock is wrong, correct it by the answer's
      <code>Date</code> and send a new proof.
    </p>`,
  origin: html`<p>
      Every call under <code>/v1</code> comes from a page whose exact origin (scheme, host and port) is on the project's
      list. With an access token it must also be the origin that the session was opened from. An origin that is absent,
      <code>null</code> or not listed gets
      <a href="#project.origin_not_allowed"><code>project.origin_not_allowed</code></a
      >.
    </p>
    <p>
      Browsers may read every answer, refusals too: <code>Access-Control-Allow-Origin</code> repeats the origin that was
      sent, and preflights are answered with 204 for two hours. Cookies are neither set nor read.
    </p>`,
  values: html`<ul>
    <li>Amounts are decimal strings in base units (lamports on Solana): they do not fit a JSON number.</li>
    <li>Seconds, slots and heights are JSON numbers; times are RFC 3339 in UTC.</li>
    <li>Ids are opaque and prefixed, such as <code>rly_…</code>; they sort by the time they were made.</li>
    <li>base64 is that of RFC 4648 section 4, padded and canonical.</li>
    <li>An optional field is absent, never null, unless its type says <code>null</code>.</li>
  </ul>`,
  problems: html`<p>
      Every refusal is an <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> problem,
      <code>application/problem+json</code>. Decide by <code>code</code>, show <code>detail</code>, and quote
      <code>requestId</code> when you ask for help. <a href="#Problem">All of its fields</a>, and
      <a href="#errors">every code</a>.
    </p>
    ${codeBlock(html`<span class="status bad">403</span> Forbidden`, formatJson(PROBLEM_EXAMPLE))}
    <p>
      An address that is not there answers <a href="#request.not_found"><code>request.not_found</code></a
      >, one that is there under another method
      <a href="#request.method_not_allowed"><code>request.method_not_allowed</code></a> with <code>Allow</code>.
    </p>`,
  limits: html`<p>
    Calls are counted per client address (IPv6: its /64), per key and per project; signing in also per address, relays,
    reading and explaining per user. <code>RateLimit</code> tells of the tightest of these. Beyond it the answer is
    <a href="#rate.limited"><code>rate.limited</code></a> with <code>Retry-After</code> in whole seconds, as on every
    503 that is worth waiting for.
  </p>`,
  idempotency: html`<p>
    ${call("createRelay", "POST /v1/relays")} needs an <code>Idempotency-Key</code>, new for each intent. Once there is
    a relay, the same key with the same body gets its first answer again, marked <code>Idempotent-Replayed: true</code>,
    for 24 hours: after a lost answer or any 5xx, send it again. Another body under a used key is
    <a href="#idempotency.key_reused"><code>idempotency.key_reused</code></a
    >; a first request that still runs is <a href="#idempotency.in_progress"><code>idempotency.in_progress</code></a
    >. A refusal before there is a relay leaves the key free.
  </p>`,
  waiting: html`<p>
      Ask with <code>wait</code> of up to 25 seconds and <code>after</code>, the state you know. The answer comes at
      once when the state is another or final, else when it changes or the seconds are over; it is always 200. Ask again
      until the state is final.
    </p>
    <dl class="states">
      ${STATES.map(
        ([state, meaning]) =>
          html`<div>
            <dt><code>${state}</code>${FINAL.has(state) ? html` <span class="tag">final</span>` : undefined}</dt>
            <dd>${prose(meaning)}</dd>
          </div>`,
      )}
    </dl>`,
};

/** How a call is made, whatever it asks for. */
export function describeGuide(): Html {
  return html`<section class="group guide" aria-labelledby="guide">
    <h2 id="guide">Making a call</h2>
    ${GUIDE_PARTS.map(([id, title]) => part(id, title, TEXTS[id] ?? html``))}
  </section>`;
}
