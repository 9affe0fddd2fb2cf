import { OPERATIONS } from "./operations.ts";
import { ApiProblem, NO_ANSWER, readProblem } from "./problem.ts";
import type { AnswerOf, CallOf, ManageOperation } from "./types.ts";

/** Gives a management token; `isFresh`: the one before was refused. @throws ApiProblem when there is none to be had */
type TokenSource = (isFresh: boolean) => Promise<string>;

interface ClientSettings {
  readonly fetch: typeof fetch;
  readonly token: TokenSource;
  /** Where the API is; empty on its own pages. */
  readonly base?: string;
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** The management API. @throws ApiProblem, or the signal's reason */
export interface Api {
  call<O extends ManageOperation>(operation: O, call: CallOf<O>): Promise<AnswerOf<O>>;
}

/** The parts of a call, whichever its operation has. */
interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Longer than this nobody waits without being told why. */
const MAX_WAIT_MS = 3_000;
const FIRST_WAIT_MS = 400;

/** The path of an operation with its names filled in, each in one segment. */
export function pathOf(operation: ManageOperation, { params = {}, query = {} }: Parts = {}): string {
  const path = OPERATIONS[operation][1].replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === "string" && value !== "") search.set(name, value);
  }
  return `/v1/manage${path}${search.size > 0 ? `?${search.toString()}` : ""}`;
}

async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

const isRefusedToken = ({ status, code }: ApiProblem): boolean => status === 401 && code.startsWith("auth.token_");

/** Whether asking once more may help, and changes nothing twice. */
const isWorthRetrying = (method: string, { status }: ApiProblem): boolean =>
  method === "GET" && (status === 429 || status === 503);

export function createClient({ fetch, token, base = "", wait = waitFor }: ClientSettings): Api {
  async function send(method: string, url: string, { body, signal }: Parts, isFresh: boolean): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${await token(isFresh)}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init: RequestInit = { method, headers, credentials: "omit", cache: "no-store" };
    if (signal) init.signal = signal;
    if (body !== undefined) init.body = JSON.stringify(body);
    try {
      return await fetch(url, init);
    } catch (cause) {
      signal?.throwIfAborted();
      throw Object.assign(
        new ApiProblem({ status: 0, code: NO_ANSWER, detail: "The API did not answer. Is this device online?" }),
        { cause },
      );
    }
  }

  return {
    async call<O extends ManageOperation>(operation: O, call: CallOf<O>): Promise<AnswerOf<O>> {
      const parts: Parts = call;
      const [method] = OPERATIONS[operation];
      const url = base + pathOf(operation, parts);
      let hasRetried = false;
      let isFresh = false;
      for (;;) {
        const response = await send(method, url, parts, isFresh);
        if (response.ok) return (await readAnswer(response)) as AnswerOf<O>;
        const problem = await readProblem(response);
        if (isRefusedToken(problem) && !isFresh) {
          isFresh = true;
          continue;
        }
        const waitMs = (problem.retryAfterSeconds ?? 0) * 1000 || FIRST_WAIT_MS;
        if (hasRetried || !isWorthRetrying(method, problem) || waitMs > MAX_WAIT_MS) throw problem;
        hasRetried = true;
        await wait(waitMs, parts.signal);
      }
    },
  };
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  return isJson ? await response.json() : await response.text();
}
