import { OPERATIONS } from "../api/operations.ts";
import type { AnswerOf, BodyOf, ManageOperation, ParamsOf } from "../api/types.ts";

/** What a fake is asked: names of the path, and query and body as they were sent. */
interface FakeCall<O extends ManageOperation> {
  readonly params: ParamsOf<O>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: BodyOf<O>;
}

type FakeHandler<O extends ManageOperation> = (call: FakeCall<O>) => AnswerOf<O>;

/** Answers of a fake API, checked against the contract. */
export type FakeHandlers = { readonly [O in ManageOperation]?: FakeHandler<O> };

/** What a fake throws to be answered with a problem. */
export class FakeProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];

  constructor(status: number, code: string, detail: string, errors: FakeProblem["errors"] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

const notFound = () => new FakeProblem(404, "request.not_found", "There is nothing at this address.");

type Found = readonly [operation: ManageOperation, params: Readonly<Record<string, string>>];

/** The operation of a method and a path; fixed names go before what stands for any. */
function findOperation(method: string, path: string): Found | undefined {
  const found: Found[] = [];
  for (const [operation, [itsMethod, itsPath]] of Object.entries(OPERATIONS)) {
    const pattern = new RegExp(`^${itsPath.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    const match = itsMethod === method ? pattern.exec(path) : null;
    if (!match) continue;
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    found.push([operation as ManageOperation, Object.fromEntries(params) as Readonly<Record<string, string>>]);
  }
  return found.toSorted(([, one], [, other]) => Object.keys(one).length - Object.keys(other).length)[0];
}

function problemOf(thrown: unknown): Response {
  const problem = thrown instanceof FakeProblem ? thrown : new FakeProblem(500, "internal.unexpected", String(thrown));
  const { status, code, message: detail, errors } = problem;
  return Response.json(
    {
      type: `https://gasless.example/errors#${code}`,
      title: code,
      status,
      code,
      detail,
      errors,
      requestId: "req_fake",
    },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
}

/** What goes wrong on purpose. */
export interface FakeFaults {
  /** Not answered before the window is told so by `fake-answers`. */
  readonly hangs?: readonly string[];
  /** Answered as if a store were down. */
  readonly fails?: readonly string[];
}

const untilTold = (signal: AbortSignal | null | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error));
    addEventListener("fake-answers", () => resolve(), { once: true });
  });

/** A `fetch` for the client, answered from memory. */
export function createFakeFetch(handlers: FakeHandlers, { hangs = [], fails = [] }: FakeFaults = {}): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, "https://gasless.example");
    init.signal?.throwIfAborted();
    try {
      const found = findOperation(init.method ?? "GET", url.pathname.replace("/v1/manage", ""));
      const [operation = ""] = found ?? [];
      if (hangs.includes(operation)) await untilTold(init.signal);
      if (fails.includes(operation))
        throw new FakeProblem(503, "store.unavailable", "The database did not answer in time.");
      // What is declared for each operation is called with what its path, query and body say.
      const handler = found && (handlers[found[0]] as FakeHandler<never> | undefined);
      if (!handler) throw notFound();
      const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
      const call = { params: found[1], query: Object.fromEntries(url.searchParams), body };
      const answer: unknown = handler(call as never);
      if (answer === undefined) return new Response(null, { status: 204 });
      return typeof answer === "string" ? new Response(answer) : Response.json(structuredClone(answer));
    } catch (thrown) {
      init.signal?.throwIfAborted();
      return problemOf(thrown);
    }
  };
}
