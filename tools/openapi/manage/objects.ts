import type { SchemaBook } from "../schemas.ts";
import { componentOf } from "../schemas.ts";
import { html, type Html, prose } from "../html.ts";
import { withStop } from "../page/fields.ts";
import { describeValues, referredTo } from "../page/objects.ts";
import { fieldLists, itemOf } from "./fields.ts";
import { MANAGE_OPERATIONS } from "./operations.ts";

/** Languages of their own: the guide is about them. */
const LANGUAGES = new Set(["SolanaPolicy", "AlgorandPolicy", "AllowedInstruction", "AllowedTransaction", "Predicate"]);

function shownNames(book: SchemaBook): readonly string[] {
  const answers = MANAGE_OPERATIONS.flatMap(({ answer, operationId }) => {
    const name = answer.schema && componentOf(book.refer(answer.schema, "output", operationId));
    return name === undefined || itemOf(book.components[name]) !== undefined ? [] : [name];
  });
  return [...new Set([...referredTo(book.components), ...answers])].filter((name) => !LANGUAGES.has(name)).toSorted();
}

/** What the calls answer with. */
export function describeManageObjects(book: SchemaBook): Html {
  const { components } = book;
  const named = shownNames(book).flatMap((name) => (components[name] ? [[name, components[name]] as const] : []));
  return html`<section class="group" aria-labelledby="objects">
    <h2 id="objects">Objects and values</h2>
    <p class="lead">
      What the calls answer with. A <code>document</code> is a policy in its network's language:
      <a href="{api}/docs/guide#policies">the guide has it by example</a>.
    </p>
    ${named
      .filter(([, { properties }]) => properties)
      .map(
        ([name, schema]) =>
          html`<section class="part" aria-labelledby="${name}">
            <h3 id="${name}">${name}</h3>
            ${schema.description === undefined ? undefined : html`<p>${prose(withStop(schema.description))}</p>`}${fieldLists(schema, components, "may be absent")}
          </section>`,
      )}
    ${describeValues(named.filter(([, { properties }]) => !properties))}
  </section>`;
}
