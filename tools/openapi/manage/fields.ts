import type { JsonSchema } from "../../../bff/src/contract/routes.ts";
import { html, type Html, prose } from "../html.ts";
import { type Components, type Field, listFields, withStop } from "../page/fields.ts";
import { componentOf, isSchema } from "../schemas.ts";

const describeField = ({ name, type, isRequired, meaning }: Field, absent: string): Html =>
  html`<li>
    <code>${name.split(/(?<=[.\]])/).map((part) => html`${part}<wbr />`)}</code>
    <span>${type}${isRequired ? "" : `, ${absent}`}</span
    >${meaning === "" ? undefined : html` ${prose(withStop(meaning))}`}
  </li>`;

/** The fields of an object, a line each; one that has several forms has a list for each form. */
export function fieldLists(
  schema: JsonSchema,
  components: Components,
  absent: "optional" | "may be absent",
): readonly Html[] {
  const forms = schema.oneOf?.filter(isSchema) ?? [schema];
  const elsewhere = new Set(Object.values(components).map(({ description }) => description));
  return forms.map((form) => {
    // What a value is, such as an amount, is said where its name leads.
    const fields = listFields(form, components).map((field) =>
      elsewhere.has(field.meaning) ? { ...field, meaning: "" } : field,
    );
    return html`<ul class="fields">
      ${fields.map((field) => describeField(field, absent))}
    </ul>`;
  });
}

const link = (name: string): Html => html`<a href="#${name}">${name}</a>`;

/** The component whose pages a list answers with, where it has a name. */
export function itemOf(list: JsonSchema | undefined): string | undefined {
  const { data, nextCursor } = list?.properties ?? {};
  if (nextCursor === undefined || !isSchema(data) || !isSchema(data.items)) return undefined;
  return Object.keys(list?.properties ?? {}).length === 2 ? componentOf(data.items) : undefined;
}

/** What a call answers with, in a few words. */
export function nameAnswer(schema: JsonSchema, components: Components): Html | undefined {
  const name = componentOf(schema);
  if (name === undefined) return undefined;
  const item = itemOf(components[name]);
  return item === undefined ? html` ${link(name)}` : html` A page of ${link(item)}`;
}
