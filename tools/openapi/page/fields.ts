import type { JsonSchema } from "../../../bff/src/contract/routes.ts";
import { html, type Html, prose } from "../html.ts";
import { componentOf, isSchema } from "../schemas.ts";

export type Components = Readonly<Record<string, JsonSchema>>;

export interface Field {
  readonly name: string;
  readonly type: Html;
  readonly isRequired: boolean;
  readonly meaning: string;
}

export const withStop = (text: string): string => (text === "" || text.endsWith(".") ? text : `${text}.`);

const membersOf = (schema: unknown): JsonSchema | undefined => (isSchema(schema) ? schema : undefined);

/** The id prefix that a pattern asks for, such as `rly_`. */
const prefixOf = ({ pattern }: JsonSchema): string | undefined => /^\^([a-z]+_)/.exec(pattern ?? "")?.[1];

function nameType(schema: JsonSchema): Html {
  const component = componentOf(schema);
  if (component !== undefined) return html`<a href="#${component}">${component}</a>`;
  if (schema.anyOf) {
    return html`${schema.anyOf.filter(isSchema).map((option, index) => html`${index > 0 ? " or " : ""}${nameType(option)}`)}`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return html`${schema.enum.map((value, index) => html`${index > 0 ? " | " : ""}<code>${String(value)}</code>`)}`;
  const items = membersOf(schema.items);
  if (items) return html`list of ${nameType(items)}${items.type === "object" ? "s" : ""}`;
  const prefix = prefixOf(schema);
  if (prefix !== undefined) return html`<code>${prefix}…</code>`;
  return html`${schema.type ?? "any"}${schema.format === "byte" ? ", base64" : ""}`;
}

/** Objects inside a field that have no name of their own. */
function insideOf(schema: JsonSchema): { readonly schema: JsonSchema; readonly suffix: string } | undefined {
  if (schema.properties) return { schema, suffix: "" };
  const items = membersOf(schema.items);
  if (items?.properties) return { schema: items, suffix: "[]" };
  const option = schema.anyOf?.find((candidate) => isSchema(candidate) && candidate.properties);
  return isSchema(option) ? { schema: option, suffix: "" } : undefined;
}

/** Every field of an object, with those of unnamed objects inside it under dotted names. */
export function listFields(schema: JsonSchema, components: Components, prefix = ""): readonly Field[] {
  const resolved = components[componentOf(schema) ?? ""] ?? schema;
  return Object.entries(resolved.properties ?? {}).flatMap(([key, value]) => {
    if (!isSchema(value)) return [];
    const name = prefix + key;
    const inside = insideOf(value);
    const field = {
      name,
      type: nameType(value),
      isRequired: resolved.required?.includes(key) ?? false,
      meaning: value.description ?? components[componentOf(value) ?? ""]?.description ?? "",
    };
    return [field, ...(inside ? listFields(inside.schema, components, `${name}${inside.suffix}.`) : [])];
  });
}

/** A table of fields. Of a request it says what may be left out, of an answer what may be absent. */
export function fieldTable(label: string, fields: readonly Field[], absent: "optional" | "may be absent"): Html {
  const rows = fields.map(
    ({ name, type, isRequired, meaning }) =>
      html`<tr>
        <th scope="row">
          <code>${name.split(/(?<=[.\]])/).map((part) => html`${part}<wbr />`)}</code
          ><small>${type}${isRequired ? "" : `, ${absent}`}</small>
        </th>
        <td>${prose(withStop(meaning))}</td>
      </tr>`,
  );
  return html`<div class="scroll">
    <table aria-label="${label}">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** A table of rows that are already in words. */
export function wordTable(label: string, columns: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const body = rows.map(
    ([head, ...cells]) =>
      html`<tr>
        <th scope="row">${head}</th>
        ${cells.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  );
  return html`<div class="scroll">
    <table aria-label="${label}">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
