import type { JsonSchema } from "../../../bff/src/contract/routes.ts";
import { describeProblems, headerRefs, type Json } from "../answers.ts";
import { isSchema, type SchemaBook } from "../schemas.ts";
import { MANAGE_EXAMPLES, PARAMETER_EXAMPLES } from "./examples.ts";
import { type ManageOperation, sayMoreScope } from "./operations.ts";

const ANSWER_HEADERS = ["Request-Id", "RateLimit", "RateLimit-Policy", "Cache-Control"];
const ORIGIN = { $ref: "#/components/parameters/Origin" };
const PROOF = { $ref: "#/components/parameters/DPoP" };
/** Of every list; it travels as text. */
const PAGE_LIMIT = { type: "integer", minimum: 1, maximum: 100, default: 20 } as const;
const PAGE_NOTES: Readonly<Record<string, string>> = {
  limit: "How many on a page.",
  cursor: "The `nextCursor` of the page before.",
};

/** Who may, in words: for readers of what a generator makes of the document. */
function sayPermission(operation: ManageOperation): string {
  const { openers, roles, scope } = operation;
  if (openers.includes("user")) return "For whoever has signed in to the console.";
  const member = roles === null ? "any member" : `the roles ${roles.join(", ")}`;
  if (scope === null) return `For ${member}; no key opens it.`;
  const more = sayMoreScope(operation);
  return `For ${member}, and keys with the scope ${scope}${more && `; ${more}`}.`;
}

function describeSecurity({ openers, roles, scope }: ManageOperation): readonly Json[] {
  return openers.map((opener) => {
    if (opener === "member") return { management: roles ?? [] };
    return opener === "key" ? { secretKey: [scope] } : { token: [] };
  });
}

/** The query of a call as JSON Schema. */
export function manageQuery({ query, operationId }: ManageOperation, book: SchemaBook): JsonSchema | undefined {
  if (!query) return undefined;
  const schema = book.refer(query, "input", operationId);
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    if (!isSchema(property)) return [name, property] as const;
    const note = property.description ?? PAGE_NOTES[name];
    return [
      name,
      { ...(name === "limit" ? PAGE_LIMIT : property), ...(note !== undefined && { description: note }) },
    ] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function describeParameters(operation: ManageOperation, book: SchemaBook): readonly Json[] {
  const { params, openers, operationId } = operation;
  const inPath = Object.entries(params).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    schema: book.refer(schema, "input", operationId),
    example: PARAMETER_EXAMPLES[name],
  }));
  const query = manageQuery(operation, book);
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, property]) => {
    const { description, ...schema } = property as JsonSchema;
    const required = query?.required?.includes(name) ?? false;
    return { name, in: "query", required, ...(description !== undefined && { description }), schema };
  });
  return [...inPath, ...inQuery, ...(openers.includes("user") ? [PROOF] : []), ORIGIN];
}

/** One call of the management API, as OpenAPI writes it. */
export function describeManageOperation(operation: ManageOperation, book: SchemaBook): Json {
  const { operationId, group, summary, description, body, answer, scope, roles, audit, rateClass } = operation;
  const { request, response } = MANAGE_EXAMPLES[operationId] ?? {};
  const answerSchema = answer.schema && {
    schema: book.refer(answer.schema, "output", operationId),
    ...(response !== undefined && { example: response }),
  };
  return {
    operationId,
    tags: [group],
    summary,
    description: `${description}\n\n${sayPermission(operation)}`,
    security: describeSecurity(operation),
    "x-scope": scope,
    ...(operation.moreScope && { "x-more-scope": operation.moreScope }),
    "x-roles": roles,
    "x-audit": audit,
    "x-rate-class": rateClass,
    parameters: describeParameters(operation, book),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: book.refer(body, "input", operationId), example: request },
        },
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers: headerRefs(ANSWER_HEADERS),
        ...(answerSchema && { content: { [answer.mediaType ?? "application/json"]: answerSchema } }),
      },
      ...describeProblems(operation),
    },
  };
}
