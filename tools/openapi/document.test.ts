import { expect, test } from "vitest";
import { type JsonSchema, ROUTES } from "../../bff/src/contract/routes.ts";
import { buildDocument, describePublicPaths } from "./document.ts";
import { EXAMPLES } from "./examples.ts";
import { FIELD_NOTES, QUERY_NUMBERS } from "./field-notes.ts";
import { componentOf, createSchemaBook, isSchema } from "./schemas.ts";

interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly $ref?: string }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const document = buildDocument();
const operations = Object.entries(document["paths"] as Paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
/** Without the management API, whose fields explain themselves where their names do not. */
const book = createSchemaBook();
const publicPaths = describePublicPaths(book);

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === "$ref") yield String(member);
    else yield* refsIn(member);
  }
}

function resolve(ref: string): unknown {
  return ref
    .slice(2)
    .split("/")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}

test("the document is OpenAPI 3.1 with a server that is filled in later", () => {
  expect(document).toMatchObject({
    openapi: expect.stringMatching(/^3\.1\.\d+$/),
    info: { title: "Gasless", version: expect.any(String) },
    servers: [{ url: "{api}" }],
  });
});

test("every reference leads somewhere", () => {
  const refs = [...new Set(refsIn(document))];
  expect(refs.length).toBeGreaterThan(20);
  expect(refs.filter((ref) => !ref.startsWith("#/") || resolve(ref) === undefined)).toEqual([]);
});

/** Every object inside a value, with where it stands. */
function* objectsIn(
  value: unknown,
  at = "",
): Generator<readonly [at: string, object: Readonly<Record<string, unknown>>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Readonly<Record<string, unknown>>];
  for (const [key, member] of Object.entries(value)) yield* objectsIn(member, `${at}/${key}`);
}

const TYPES = new Set(["object", "array", "string", "integer", "number", "boolean", "null"]);

test("every schema compiles: its patterns in Unicode mode, its types and what it requires", () => {
  const examples = /\/(?:example|examples)(?:\/|$)/;
  const schemas = [...objectsIn(document)].filter(([at, { type, pattern }]) => {
    return (
      !examples.test(at) && (typeof type === "string" || typeof pattern === "string") && !/securitySchemes/.test(at)
    );
  });
  expect(schemas.length).toBeGreaterThan(500);
  for (const [at, { type, pattern, required, properties }] of schemas) {
    if (at.endsWith("/properties")) continue;
    if (typeof type === "string") expect(TYPES, at).toContain(type);
    if (typeof pattern === "string") expect(() => new RegExp(pattern, "u"), at).not.toThrow();
    if (Array.isArray(required)) expect(Object.keys(properties ?? {}), at).toEqual(expect.arrayContaining(required));
  }
});

test("every public call is in it", () => {
  const names = Object.values(publicPaths).flatMap((methods) => Object.values(methods));
  expect(names).toHaveLength(ROUTES.length);
  expect(document["paths"]).toMatchObject(publicPaths);
});

test("every operation and every answer says what it is, and a success is among them", () => {
  for (const { operation } of operations) {
    expect(operation.description, operation.operationId).not.toBe("");
    const answers = Object.entries(operation.responses);
    expect(answers.filter(([status]) => status.startsWith("2"))).toHaveLength(1);
    expect(answers.filter(([, { description }]) => !description)).toEqual([]);
  }
});

test("what stands in braces in a path is a parameter, and nothing else is", () => {
  for (const { path, operation } of operations) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
  }
});

test("every example fits its schema", () => {
  for (const { operationId, id, query, body, answer } of ROUTES) {
    const example = EXAMPLES[operationId];
    const pairs = [
      [id, example?.id],
      [query, example?.query],
      [body, example?.request],
      [answer.schema && answer.mediaType === undefined ? answer.schema : undefined, example?.response],
    ] as const;
    for (const [schema, value] of pairs) {
      const verdict = schema?.safeParse(value);
      expect(verdict?.error?.issues, operationId).toBeUndefined();
      expect(schema === undefined, `${operationId} has an example without a schema`).toBe(value === undefined);
    }
  }
});

test("a number in a query is what its schema takes as text", () => {
  for (const [place, { minimum, maximum, default: usual }] of Object.entries(QUERY_NUMBERS)) {
    const [operationId, name = ""] = place.split(".");
    const schema = ROUTES.find((route) => route.operationId === operationId)?.query;
    const takes = (value: number): boolean => schema?.safeParse({ [name]: String(value) }).success ?? false;
    expect([minimum - 1, minimum, maximum, maximum + 1].map(takes), place).toEqual([false, true, true, false]);
    expect(schema?.parse({}), place).toMatchObject({ [name]: usual });
  }
});

test("every field of every schema is explained, and no explanation is left over", () => {
  const seen = new Set<string>();
  const unexplained: string[] = [];
  const visit = (path: string, schema: JsonSchema): void => {
    seen.add(path);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!isSchema(property)) continue;
      const text = property.description ?? book.components[componentOf(property) ?? ""]?.description;
      if (text === undefined) unexplained.push(`${path}.${name}`);
      visit(`${path}.${name}`, property);
    }
    if (isSchema(schema.items)) visit(`${path}[]`, schema.items);
    for (const option of schema.anyOf ?? []) if (isSchema(option)) visit(path, option);
  };
  for (const [name, schema] of Object.entries(book.components)) visit(name, schema);
  for (const { operationId, query, answer } of ROUTES) {
    if (query) visit(operationId, book.refer(query, "input", operationId));
    if (answer.schema) visit(operationId, book.refer(answer.schema, "output", operationId));
  }
  expect(unexplained).toEqual([]);
  expect(Object.keys(FIELD_NOTES).filter((path) => !seen.has(path))).toEqual([]);
});

test("an answer may gain fields, a request may not", () => {
  expect(book.components["Relay"]).not.toHaveProperty("additionalProperties");
  expect(book.components["RelayRequest"]).toHaveProperty("additionalProperties", false);
});
