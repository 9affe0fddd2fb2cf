import { STATUS_CODES } from "node:http";
import { Problem } from "../../bff/src/contract/problem.ts";
import { type JsonSchema, ROUTES, type RouteDescription } from "../../bff/src/contract/routes.ts";
import type { ErrorCode } from "../../bff/src/contract/error-code.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";
import { EXAMPLES, PROBLEM_EXAMPLE } from "./examples.ts";
import { QUERY_NUMBERS } from "./field-notes.ts";
import { REQUEST_HEADERS, RESPONSE_HEADERS } from "./headers.ts";
import { createSchemaBook, isSchema, type SchemaBook } from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

const ABOUT = `Sponsored transactions: the user signs, the project's sponsor pays the fee.

Every call under /v1 comes from a page of one of the project's origins, with its publishable key or a user's access token. Preflights (OPTIONS) are answered with 204 on every path. Errors are RFC 9457 problems; decide by their code. Unknown fields of a request are refused, and answers may gain fields. For people: {api}/docs`;

const SECURITY: Readonly<Record<RouteDescription["caller"], readonly Json[]>> = {
  key: [{ key: [] }],
  token: [{ token: [] }],
  metrics: [{ metrics: [] }],
  nobody: [],
};

const headerRefs = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The error codes of a call by their status, in rising order. */
export function codesByStatus({ codes }: Pick<RouteDescription, "codes">): ReadonlyMap<number, readonly ErrorCode[]> {
  const known = codes as readonly ErrorCode[];
  const byStatus = Map.groupBy(known, (code) => PROBLEMS[code].status as number);
  return new Map([...byStatus].toSorted(([left], [right]) => left - right));
}

function problemHeaders(status: number): readonly string[] {
  if (status === 401) return ["Request-Id", "WWW-Authenticate"];
  return status === 409 || status === 429 || status > 500 ? ["Request-Id", "Retry-After"] : ["Request-Id"];
}

function describeProblems(route: RouteDescription): Json {
  return Object.fromEntries(
    [...codesByStatus(route)].map(([status, codes]) => [
      status,
      {
        description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(", ")}`,
        headers: headerRefs([
          ...problemHeaders(status),
          ...(route.isIdempotent && status < 500 && status !== 401 ? ["Idempotent-Replayed"] : []),
        ]),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

function describeAnswer({ operationId, answer }: RouteDescription, book: SchemaBook): Json {
  const { schema, mediaType = "application/json", headers, description } = answer;
  const example = EXAMPLES[operationId]?.response;
  return {
    description,
    headers: headerRefs(headers),
    ...(schema && {
      content: {
        [mediaType]: {
          schema: book.refer(schema, "output", operationId),
          ...(example !== undefined && { example }),
        },
      },
    }),
  };
}

/** The query of a call as JSON Schema: numbers as numbers, though they travel as text. */
export function querySchema({ operationId, query }: RouteDescription, book: SchemaBook): JsonSchema | undefined {
  if (!query) return undefined;
  const schema = book.refer(query, "input", operationId);
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const numbers = QUERY_NUMBERS[`${operationId}.${name}`];
    if (!numbers || !isSchema(property)) return [name, property] as const;
    return [name, { type: "integer", ...numbers, description: property.description }] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function describeParameters(route: RouteDescription, book: SchemaBook): readonly Json[] {
  const example = EXAMPLES[route.operationId];
  const query = querySchema(route, book);
  const fromQuery = Object.entries(query?.properties ?? {}).map(([name, property]) => {
    const { description, ...schema } = property as JsonSchema;
    return {
      name,
      in: "query",
      required: query?.required?.includes(name) ?? false,
      ...(description !== undefined && { description }),
      schema,
    };
  });
  return [
    ...(route.id
      ? [
          {
            name: /\{(\w+)\}/.exec(route.path)?.[1],
            in: "path",
            required: true,
            schema: book.refer(route.id, "input", route.operationId),
            example: example?.id,
          },
        ]
      : []),
    ...fromQuery,
    ...(route.isIdempotent ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    ...(route.takesProof ? [{ $ref: "#/components/parameters/DPoP" }] : []),
    ...(route.caller === "key" || route.caller === "token" ? [{ $ref: "#/components/parameters/Origin" }] : []),
  ];
}

function describeOperation(route: RouteDescription, book: SchemaBook): Json {
  const { operationId, summary, description, group, caller, body, answer } = route;
  const example = EXAMPLES[operationId]?.request;
  const parameters = describeParameters(route, book);
  return {
    operationId,
    tags: [group],
    summary,
    description,
    security: SECURITY[caller],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: book.refer(body, "input", operationId), ...(example && { example }) },
        },
      },
    }),
    responses: { [answer.status]: describeAnswer(route, book), ...describeProblems(route) },
  };
}

function headerParameter(name: keyof typeof REQUEST_HEADERS, required: boolean, schema: Json): Json {
  const { description, example } = REQUEST_HEADERS[name];
  return { name, in: "header", required, description, schema, example };
}

/** The OpenAPI 3.1 document of the whole API. `{api}` stands for its address. Source: OpenAPI Specification 3.1. */
export function buildDocument(book: SchemaBook = createSchemaBook()): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeOperation(route, book) };
  }
  book.refer(Problem, "output", "Problem");
  return {
    openapi: "3.1.0",
    info: { title: "Gasless", version: "1", summary: "A backend that pays for transactions.", description: ABOUT },
    servers: [{ url: "{api}" }],
    externalDocs: { url: "{api}/docs" },
    tags: [...new Set(ROUTES.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...book.components, Problem: { ...book.components["Problem"], examples: [PROBLEM_EXAMPLE] } },
      parameters: {
        DPoP: headerParameter("DPoP", false, { type: "string" }),
        Origin: headerParameter("Origin", false, { type: "string" }),
        IdempotencyKey: headerParameter("Idempotency-Key", true, { type: "string", pattern: "^[!-~]{1,255}$" }),
      },
      headers: Object.fromEntries(
        Object.entries(RESPONSE_HEADERS).map(([name, { description, example }]) => [
          name,
          { description, schema: { type: "string" }, example },
        ]),
      ),
      securitySchemes: {
        key: {
          type: "apiKey",
          in: "header",
          name: "Gasless-Key",
          description: REQUEST_HEADERS["Gasless-Key"].description,
        },
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "The access token of a session, good for five minutes. Under the scheme `DPoP`, with a proof beside it, where the session is bound to a key.",
        },
        metrics: { type: "http", scheme: "bearer", description: "The deployment's own `METRICS_TOKEN`." },
      },
    },
  };
}
