import { STATUS_CODES } from "node:http";
import { PROBLEMS } from "../../../bff/src/errors.ts";
import { html, type Html, prose } from "../html.ts";
import { OWNERS } from "../owners.ts";

/** The first word of a code, in words. */
const DOMAINS: Readonly<Record<string, string>> = {
  request: "The request",
  project: "Project and origin",
  auth: "Signing in",
  idempotency: "Idempotency",
  rate: "Rate limits",
  transaction: "The transaction",
  policy: "What is sponsored",
  budget: "Budgets",
  sponsor: "The sponsor",
  relay: "Relays",
  upstream: "The network's node",
  store: "Stores",
  manage: "Management",
  internal: "The service itself",
};

const domainOf = (code: string): string => code.slice(0, code.indexOf("."));

export const errorDomains = (): readonly (readonly [id: string, title: string])[] =>
  [...new Set(Object.keys(PROBLEMS).map(domainOf))].map((domain) => [`errors-${domain}`, DOMAINS[domain] ?? domain]);

function describeError([code, { status, title, owner, remedy }]: [
  string,
  (typeof PROBLEMS)[keyof typeof PROBLEMS],
]): Html {
  return html`<article class="error" id="${code}">
    <h4>
      <a href="#${code}"><code>${code.split(/(?<=[._])/).map((part) => html`${part}<wbr />`)}</code></a>
    </h4>
    <p class="status bad" title="${STATUS_CODES[status]}">${status}</p>
    <div>
      <p><strong>${title}.</strong> ${prose(remedy)}</p>
      <p class="who">Who can fix it: ${OWNERS[owner]}</p>
    </div>
  </article>`;
}

/** Every code at the address that a problem's `type` names. */
export function describeErrors(): Html {
  const byDomain = Map.groupBy(Object.entries(PROBLEMS), ([code]) => `errors-${domainOf(code)}`);
  return html`<section class="group" aria-labelledby="errors">
    <h2 id="errors">Error codes</h2>
    <p class="lead">
      ${prose("Decide by `code`: it is never renamed, reused or removed. The `type` of a problem leads to its entry here.")}
    </p>
    ${errorDomains().map(
      ([id, title]) =>
        html`<section class="domain">
          <h3 id="${id}">${title}</h3>
          ${(byDomain.get(id) ?? []).map(describeError)}
        </section>`,
    )}
  </section>`;
}
