import { expect, test } from "vitest";
import { MANAGE_ROUTES } from "../../../bff/src/contract/manage/routes.ts";
import type { JsonSchema } from "../../../bff/src/contract/routes.ts";
import { buildDocument, describeManagePaths } from "../document.ts";
import { createSchemaBook, isSchema } from "../schemas.ts";
import { BASES, MANAGE_NOTES } from "./field-notes.ts";
import { MANAGE_EXAMPLES, PARAMETER_EXAMPLES } from "./examples.ts";
import { MANAGE_OPERATIONS } from "./operations.ts";

interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const paths = buildDocument()["paths"] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const described = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test("the document has every call of the management API, at its address", () => {
  const wanted = Object.values(MANAGE_ROUTES).map(({ method, path }) => `${method.toLowerCase()} /v1/manage${path}`);
  const found = described
    .filter(({ path }) => path.startsWith("/v1/manage"))
    .map(({ path, method }) => `${method} ${path}`);
  expect(found.toSorted()).toEqual(wanted.toSorted());
});

test("no call shares its name with one of another kind", () => {
  const names = described.map(({ operation }) => operation.operationId);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names).toContain("manage.readRelay");
});

test("a call says to machines which scope and roles it needs, and to people, too", () => {
  for (const { operationId, address, method, scope, roles, openers } of MANAGE_OPERATIONS) {
    const { security, description } = paths[address]?.[method.toLowerCase()] ?? expect.fail(operationId);
    const keys = security.flatMap(({ secretKey }) => secretKey ?? []);
    expect(keys, operationId).toEqual(scope === null ? [] : [scope]);
    if (openers.includes("member")) expect(security[0], operationId).toEqual({ management: roles ?? [] });
    for (const word of [...(roles ?? []), ...(scope === null ? [] : [scope])]) expect(description).toContain(word);
  }
});

test("every example fits its schema, and every body has one", () => {
  for (const { operationId, body, answer } of MANAGE_OPERATIONS) {
    const { request, response } = MANAGE_EXAMPLES[operationId] ?? {};
    expect(request !== undefined, `${operationId} has a body and an example of it`).toBe(body !== undefined);
    expect(body?.safeParse(request).error?.issues, operationId).toBeUndefined();
    if (response === undefined) continue;
    expect(answer.schema?.safeParse(response).error?.issues ?? (answer.schema ? [] : "no schema"), operationId).toEqual(
      [],
    );
  }
  const names = new Set(MANAGE_OPERATIONS.map(({ operationId }) => operationId));
  expect(Object.keys(MANAGE_EXAMPLES).filter((name) => !names.has(name))).toEqual([]);
});

test("what stands in a path has an example that its schema takes", () => {
  for (const { operationId, params } of MANAGE_OPERATIONS) {
    for (const [name, schema] of Object.entries(params)) {
      expect(schema.safeParse(PARAMETER_EXAMPLES[name]).success, `${operationId} ${name}`).toBe(true);
    }
  }
});

test("no explanation of a field is left over, and none is about a field that is not there", () => {
  const book = createSchemaBook();
  describeManagePaths(book);
  const seen = new Map<string, string | undefined>();
  const visit = (path: string, schema: JsonSchema): void => {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!isSchema(property)) continue;
      seen.set(`${path}.${name}`, property.description);
      visit(`${path}.${name}`, property);
    }
    if (isSchema(schema.items)) visit(`${path}[]`, schema.items);
    for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) if (isSchema(option)) visit(path, option);
  };
  for (const [name, schema] of Object.entries(book.components)) visit(name, schema);
  for (const { operationId, query, body } of MANAGE_OPERATIONS) {
    for (const input of [query, body]) if (input) visit(operationId, book.refer(input, "input", operationId));
  }
  expect(Object.entries(MANAGE_NOTES).filter(([path, note]) => seen.get(path) !== note)).toEqual([]);
  expect(seen.get("ManagedRelayDetail.id")).toBe(seen.get("ManagedRelay.id"));
  expect(seen.get("ManagedRelay.id")).toBeDefined();
  const owners = new Set([...seen.keys()].map((path) => path.split(/[.[]/, 1)[0]));
  expect(Object.keys(BASES).filter((owner) => !owners.has(owner))).toEqual([]);
});
