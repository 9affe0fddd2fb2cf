import { AlgorandPolicy } from "../../bff/src/contract/algorand-policy.ts";
import { SolanaPolicy } from "../../bff/src/contract/policy.ts";
import { Problem } from "../../bff/src/contract/problem.ts";
import { type JsonSchema, ROUTES, type RouteDescription } from "../../bff/src/contract/routes.ts";
import { describeProblems, headerRefs, type Json } from "./answers.ts";
import { EXAMPLES, PROBLEM_EXAMPLE } from "./examples.ts";
import { QUERY_NUMBERS } from "./field-notes.ts";
import { REQUEST_HEADERS, RESPONSE_HEADERS } from "./headers.ts";
import { describeManageOperation } from "./manage/describe.ts";
import { MANAGE_OPERATIONS } from "./manage/operations.ts";
import { createSchemaBook, isSchema, type SchemaBook } from "./schemas.ts";

const ABOUT = `Sponsored transactions: the user signs, the project's sponsor pays the fee.

Every call under /v1 comes from a page of one of the project's origins, with its publishable key or a user's access token; those under /v1/manage come from the dashboard with a member's management token, or from a server with a secret key. Preflights (OPTIONS) are answered with 204 on every path. Errors are RFC 9457 problems; decide by their code. Unknown fields of a request are refused, and answers may gain fields. For people: {api}/docs`;

const SECURITY: Readonly<Record<RouteDescription["caller"], readonly Json[]>> = {
  key: [{ key: [] }],
  token: [{ token: [] }],
  metrics: [{ metrics: [] }],
  nobody: [],
};

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

type Paths = Record<string, Record<string, Json>>;

function putOperation(paths: Paths, path: string, method: string, operation: Json): void {
  paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
}

/** What pages and their users call, and the operator. */
export function describePublicPaths(book: SchemaBook): Paths {
  const paths: Paths = {};
  for (const route of ROUTES) putOperation(paths, route.path, route.method, describeOperation(route, book));
  book.refer(Problem, "output", "Problem");
  return paths;
}

/** What members and servers of an organization call. */
export function describeManagePaths(book: SchemaBook): Paths {
  const paths: Paths = {};
  for (const operation of MANAGE_OPERATIONS) {
    putOperation(paths, operation.address, operation.method, describeManageOperation(operation, book));
  }
  for (const policy of [SolanaPolicy, AlgorandPolicy]) book.refer(policy, "input", "Policy");
  return paths;
}

/** The OpenAPI 3.1 document of the whole API. `{api}` stands for its address. Source: OpenAPI Specification 3.1. */
export function buildDocument(book: SchemaBook = createSchemaBook()): Json {
  const paths = { ...describePublicPaths(book), ...describeManagePaths(book) };
  return {
    openapi: "3.1.0",
    info: { title: "Gasless", version: "1", summary: "A backend that pays for transactions.", description: ABOUT },
    servers: [{ url: "{api}" }],
    externalDocs: { url: "{api}/docs" },
    tags: [...new Set([...ROUTES, ...MANAGE_OPERATIONS].map(({ group }) => group))].map((name) => ({ name })),
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
        management: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "A member's management token, good for five minutes and only from the dashboard's own pages. What stands beside it are the roles of which the member needs one.",
        },
        secretKey: {
          type: "http",
          scheme: "bearer",
          description:
            "A secret key of a project, `sk_…`, for servers: it is sent without an `Origin`. What stands beside it is the scope that it needs.",
        },
        metrics: { type: "http", scheme: "bearer", description: "The deployment's own `METRICS_TOKEN`." },
      },
    },
  };
}
