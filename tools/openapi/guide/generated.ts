import { Scope } from "../../../bff/src/contract/manage/values.ts";
import { PROBLEMS } from "../../../bff/src/errors.ts";
import { html, type Html, prose } from "../html.ts";
import { MANAGE_OPERATIONS } from "../manage/operations.ts";
import { wordTable } from "../page/fields.ts";

type Owner = (typeof PROBLEMS)[keyof typeof PROBLEMS]["owner"];

/** What a page's code does about an error, by who can fix it. */
const REACTIONS: Readonly<Record<Owner, readonly [title: string, text: string]>> = {
  user: ["The user can fix it", "Show `detail`: it is written for them, and says what to do."],
  integrator: [
    "You can fix it",
    "These are mistakes in a page, a server or a project's settings: log them, and mend what they name.",
  ],
  operator: [
    "The operator can fix it",
    "Say that it does not work at the moment, and try again after `Retry-After`. Whoever runs the deployment is alerted.",
  ],
  upstream: [
    "The network has to recover",
    "Try again after `Retry-After`, with the same idempotency key: nothing is paid twice.",
  ],
  us: ["A fault of Gasless", "Quote `requestId` when you report it."],
};

/** Every error by what to do about it. */
export function describeReactions(): Html {
  const byOwner = Map.groupBy(Object.entries(PROBLEMS), ([, { owner }]) => owner);
  const owners = (Object.keys(REACTIONS) as Owner[]).filter((owner) => byOwner.has(owner));
  return html`<section class="group guide" aria-labelledby="errors">
    <h2 id="errors">Errors, and what to do</h2>
    <div class="part">
      <p>
        Decide by <code>code</code>: it is never renamed, reused or removed. Each code leads to its entry in the
        <a href="{api}/docs#errors">reference</a>.
      </p>
    </div>
    ${owners.map((owner) => {
      const [title, text] = REACTIONS[owner];
      const rows = (byOwner.get(owner) ?? []).map(([code, { title: what, status, remedy }]) => [
        html`<a href="{api}/docs#${code}"
            ><code>${code.split(/(?<=[._])/).map((part) => html`${part}<wbr />`)}</code></a
          >
          <small>${status}</small>`,
        html`<strong>${what}.</strong> ${prose(remedy)}`,
      ]);
      return html`<section class="part" aria-labelledby="errors-${owner}">
        <h3 id="errors-${owner}"><a href="#errors-${owner}">${title}</a></h3>
        <p>${prose(text)}</p>
        ${wordTable(title, ["Code", "What to do"], rows)}
      </section>`;
    })}
  </section>`;
}

/** What each scope opens. */
export function describeScopes(): Html {
  const rows = Scope.options.map((scope) => {
    const opened = MANAGE_OPERATIONS.filter(({ scope: own, moreScope }) => own === scope || moreScope?.scope === scope);
    const links = opened.map(
      ({ operationId, summary }, index) =>
        html`${index > 0 ? " · " : ""}<a href="{api}/docs/management#${operationId}">${summary}</a>`,
    );
    return [html`<code>${scope}</code>`, html`${links}`];
  });
  return html`<section class="part" aria-labelledby="scopes">
    <h3 id="scopes"><a href="#scopes">What each scope opens</a></h3>
    ${wordTable("Scopes", ["Scope", "Calls"], rows)}
    <p>Organizations, members, invitations and the making of projects are for members in the dashboard alone.</p>
  </section>`;
}
