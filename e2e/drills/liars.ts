import type { HttpProxy, ProxiedRequest } from "@gasless/localnet/faults/http-proxy";
import type { Stack } from "@gasless/localnet/testing/stack";

const JSON_TYPE = { "content-type": "application/json" };

/** A dependency that repeats in its errors whatever it was sent: command, URL, credentials. */
const echo = ({ headers, path, body }: ProxiedRequest): string =>
  `cannot do ${body} at ${path} for ${headers.authorization ?? "nobody"}`;

const answerWith = (proxy: HttpProxy, status: number, make: (request: ProxiedRequest) => unknown): void =>
  proxy.onRequest((request) => ({ status, headers: JSON_TYPE, body: JSON.stringify(make(request)) }));

/** How the dependencies are, while everything is used. */
export interface State {
  readonly name: string;
  readonly isShort?: boolean;
  readonly begin: (stack: Stack) => unknown;
}

const rpcError = (request: ProxiedRequest) => ({
  jsonrpc: "2.0",
  id: 1,
  error: { code: -32_603, message: echo(request) },
});

export const STATES: readonly State[] = [
  { name: "all is well", isShort: true, begin: () => undefined },
  { name: "SQL refuses", isShort: true, begin: ({ sql }) => sql.setMode("refuse") },
  { name: "SQL hangs", begin: ({ sql }) => sql.setMode("hang") },
  {
    name: "SQL tells whole rows in its errors",
    isShort: true,
    begin: async ({ database }) => {
      await database.query("alter table sessions add constraint canary check (id is null) not valid");
      await database.query("alter table relays add constraint canary check (id is null) not valid");
      await database.query("alter table wallets add constraint canary check (wallet is null) not valid");
    },
  },
  { name: "Redis refuses", begin: ({ redis }) => redis.setMode("refuse") },
  { name: "Redis hangs", begin: ({ redis }) => redis.setMode("hang") },
  {
    name: "Redis repeats in a 400",
    isShort: true,
    begin: ({ redis }) => answerWith(redis, 400, (request) => ({ error: `ERR ${echo(request)}` })),
  },
  {
    name: "Redis repeats in each answer of a pipeline",
    isShort: true,
    begin: ({ redis }) =>
      answerWith(redis, 200, (request) =>
        (JSON.parse(request.body) as unknown[]).map((command) => ({
          error: `ERR ${echo({ ...request, body: JSON.stringify(command) })}`,
        })),
      ),
  },
  { name: "the node refuses", begin: ({ rpc }) => rpc.setMode("refuse") },
  { name: "the node repeats in its errors", isShort: true, begin: ({ rpc }) => answerWith(rpc, 200, rpcError) },
  { name: "the node repeats in a 500", begin: ({ rpc }) => answerWith(rpc, 500, rpcError) },
  {
    name: "the node repeats in its results",
    isShort: true,
    begin: ({ rpc }) =>
      answerWith(rpc, 200, (request) => ({
        jsonrpc: "2.0",
        id: 1,
        result: { value: echo(request), context: echo(request) },
      })),
  },
];

export async function repair({ database, sql, redis, rpc }: Stack): Promise<void> {
  for (const proxy of [redis, rpc]) proxy.onRequest(undefined);
  await Promise.all([sql, redis, rpc].map((proxy) => proxy.setMode("pass")));
  for (const table of ["sessions", "relays", "wallets"]) {
    await database.query(`alter table ${table} drop constraint if exists canary`);
  }
}
