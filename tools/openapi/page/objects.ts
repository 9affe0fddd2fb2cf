import type { JsonSchema } from "../../../bff/src/contract/routes.ts";
import { html, type Html, prose } from "../html.ts";
import { componentOf, isSchema } from "../schemas.ts";
import { type Components, fieldTable, listFields, withStop, wordTable } from "./fields.ts";

/** The names of all components that any field refers to. */
export function referredTo(components: Components): ReadonlySet<string> {
  const names = new Set(["Problem"]);
  const visit = (schema: JsonSchema): void => {
    const name = componentOf(schema);
    if (name !== undefined) names.add(name);
    for (const property of Object.values(schema.properties ?? {})) if (isSchema(property)) visit(property);
    for (const option of schema.anyOf ?? []) if (isSchema(option)) visit(option);
    if (isSchema(schema.items)) visit(schema.items);
  };
  for (const component of Object.values(components)) visit(component);
  return names;
}

function describeValue(name: string, { description = "", enum: values, examples }: JsonSchema): Html[] {
  const choices =
    values && html`<span class="codes">${values.map((value) => html`<code>${String(value)}</code> `)}</span>`;
  // All of these values are strings on the wire, so their examples are too.
  const [example] = (examples ?? []) as readonly string[];
  return [
    html`<code id="${name}">${name}</code>`,
    html`${prose(withStop(description))}${choices}${example === undefined ? undefined : html`<small><code>${example}</code></small>`}`,
  ];
}

/** Values that several fields share, in one table. */
export function describeValues(values: readonly (readonly [name: string, schema: JsonSchema])[]): Html {
  return html`<section class="part" aria-labelledby="kinds">
    <h3 id="kinds">Shared values</h3>
    ${wordTable(
      "Shared values",
      ["Value", "What it is"],
      values.map(([name, schema]) => describeValue(name, schema)),
    )}
  </section>`;
}

/** What several calls have in common: objects as tables, values in one. */
export function describeObjects(components: Components): Html {
  const named = [...referredTo(components)].toSorted().flatMap((name) => {
    const schema = components[name];
    return schema ? [[name, schema] as const] : [];
  });
  const objects = named.filter(([, { properties }]) => properties);
  const values = named.filter(([, { properties }]) => !properties);
  return html`<section class="group guide" aria-labelledby="objects">
    <h2 id="objects">Objects and values</h2>
    <p class="lead">What several calls have in common.</p>
    ${objects.map(
      ([name, schema]) =>
        html`<section class="part" aria-labelledby="${name}">
          <h3 id="${name}">${name}</h3>
          ${schema.description === undefined ? undefined : html`<p>${prose(withStop(schema.description))}</p>`}${fieldTable(name, listFields(schema, components), "may be absent")}
        </section>`,
    )}
    ${describeValues(values)}
  </section>`;
}
