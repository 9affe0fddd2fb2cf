import { GaslessError, toGaslessError } from "../errors.ts";
import type { ServerClock } from "./clock.ts";
import { createProof } from "./dpop.ts";
import type { Problem } from "./types.ts";

export interface CallOptions {
  readonly body?: unknown;
  /** An access token; without one the publishable key names the project. */
  readonly token?: string;
  /** The key that the token, or what comes of this call, is bound to. */
  readonly key?: CryptoKeyPair | undefined;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export type CallApi = <Answer>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  options?: CallOptions,
) => Promise<Answer>;

const TIMEOUT_MS = 15_000;

/**
 * Calls of the BFF in this page's name.
 * @throws GaslessError with the API's code, or `network.offline` and `network.unreachable`
 */
export function createApi(
  readTarget: () => { readonly api: string; readonly project: string },
  clock: ServerClock,
): CallApi {
  async function ask<Answer>(
    method: string,
    path: string,
    { body, token, key, idempotencyKey, signal, timeoutMs = TIMEOUT_MS }: CallOptions,
  ): Promise<Answer> {
    const { api, project } = readTarget();
    const url = api + path;
    const headers: Record<string, string> = token
      ? { authorization: `${key ? "DPoP" : "Bearer"} ${token}` }
      : { "gasless-key": project };
    if (key) headers["dpop"] = await createProof(key, { method, url, nowMs: clock.nowMs(), token });
    if (body !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    const deadline = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers,
        credentials: "omit",
        cache: "no-store",
        // Tokens and proofs go to the address that the page named, and nowhere else.
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      clock.see(response.headers.get("date"));
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted) throw new GaslessError("widget.closed", "It was cancelled.", { cause });
      throw navigator.onLine
        ? new GaslessError("network.unreachable", `${api} does not answer.`, { cause })
        : new GaslessError("network.offline", "This device is offline.", { cause });
    }
    const answer = parse(text);
    if (response.ok) return answer as Answer;
    throw toError(answer as Partial<Problem> | undefined, response.status);
  }

  return async function callApi<Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    try {
      return await ask<Answer>(method, path, options);
    } catch (error) {
      // The refusal came with the server's time, by which a second proof is made. A third would say nothing new.
      if (!options.key || toGaslessError(error).code !== "auth.proof_invalid") throw error;
      return ask(method, path, options);
    }
  };
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What answers without a code is not the API: a proxy before it, or another server. */
function toError(problem: Partial<Problem> | undefined, status: number): GaslessError {
  const { code, detail, title } = problem ?? {};
  if (typeof code !== "string") {
    return new GaslessError("network.unreachable", `The server answered ${status} without saying why.`);
  }
  return new GaslessError(code, detail ?? title ?? code, problem);
}
