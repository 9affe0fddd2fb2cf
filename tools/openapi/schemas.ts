import { RelayState } from "../../bff/src/contract/relays.ts";
import { type JsonSchema, type Schema, toJsonSchema } from "../../bff/src/contract/routes.ts";
import { Amount, NetworkName, SignInMethod, Time, Wallet } from "../../bff/src/contract/values.ts";
import { FIELD_NOTES } from "./field-notes.ts";
import { BASES, MANAGE_NOTES } from "./manage/field-notes.ts";

/** Values that many fields share. They have no name on the wire, so they get it here, by identity. */
const VALUES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [NetworkName, "Network"],
  [Amount, "Amount"],
  [Time, "Time"],
  [Wallet, "Wallet"],
  [SignInMethod, "SignInMethod"],
  [RelayState, "RelayState"],
]);

const COMPONENTS = "#/components/schemas/";

export const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;

/** The name of the component that a schema points to. */
export const componentOf = ({ $ref }: JsonSchema): string | undefined => $ref?.slice(COMPONENTS.length);

/** What a field means, by its owner and path. */
function findNote(path: string): string | undefined {
  const [owner = ""] = path.split(/[.[]/, 1);
  const base = BASES[owner];
  return FIELD_NOTES[path] ?? MANAGE_NOTES[path] ?? (base && findNote(base + path.slice(owner.length)));
}

/** Calls `visit` with every property inside a schema and its path, such as `limits[].window`. */
function eachProperty(schema: JsonSchema, path: string, visit: (path: string, property: JsonSchema) => void): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!isSchema(property)) continue;
    visit(`${path}.${name}`, property);
    eachProperty(property, `${path}.${name}`, visit);
  }
  if (isSchema(schema.items)) eachProperty(schema.items, `${path}[]`, visit);
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (isSchema(option)) eachProperty(option, path, visit);
  }
}

/** The JSON Schemas of a document: named ones are kept once, and referred to. */
export interface SchemaBook {
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** `owner` is where the notes of its fields are found when the schema has no name. */
  readonly refer: (schema: Schema, io: "input" | "output", owner: string) => JsonSchema;
}

export function createSchemaBook(): SchemaBook {
  const components: Record<string, JsonSchema> = {};

  function annotate(owner: string, schema: JsonSchema): JsonSchema {
    const note = (path: string, noted: JsonSchema): void => {
      const text = findNote(path);
      if (text !== undefined) noted.description ??= text;
    };
    note(owner, schema);
    eachProperty(schema, owner, note);
    return schema;
  }

  function convert(schema: Schema, io: "input" | "output"): { root: JsonSchema; named: Record<string, JsonSchema> } {
    const converted = toJsonSchema(schema, {
      io,
      override({ zodSchema, jsonSchema }) {
        // Answers grow: a client must not refuse a field that it does not know yet.
        if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        const value = VALUES.get(zodSchema);
        if (value === undefined || zodSchema === (schema as unknown)) return;
        components[value] ??= annotate(value, convert(zodSchema as unknown as Schema, io).root);
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
        jsonSchema.$ref = COMPONENTS + value;
      },
    });
    const text = JSON.stringify(converted).replaceAll('"#/$defs/', `"${COMPONENTS}`);
    const { $schema: _, $defs = {}, ...root } = JSON.parse(text) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    for (const named of Object.values($defs)) delete named["id"];
    return { root, named: $defs };
  }

  return {
    components,
    refer(schema, io, owner) {
      const { root, named } = convert(schema, io);
      for (const [name, component] of Object.entries(named)) components[name] = annotate(name, component);
      const id = schema.meta()?.id;
      if (id === undefined) return annotate(owner, root);
      components[id] = annotate(id, root);
      return { $ref: COMPONENTS + id };
    },
  };
}
