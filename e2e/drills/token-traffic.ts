import { type ApiAnswer, type ApiTarget, callApi, signIn, type Tokens } from "@gasless/localnet/api-client";
import type { TokenVerifier } from "@gasless/localnet/testing/token-verifier";
import { createWallet } from "@gasless/localnet/wallet";
import type { Scene } from "./drill.ts";
import { sleep } from "./support.ts";

const VISITORS = 6;
const PAUSE_MS = 100;

/** Signs in, reads, refreshes, and asks a dapp's own backend, without a pause, until it is told to stop. */
export interface Traffic {
  readonly target: ApiTarget;
  /** Sends calls to these workers alone, in turns; gives back when nothing is under way at any other. */
  useOnly(urls: readonly string[]): Promise<void>;
  /** The tokens that each visitor has now. */
  sessions(): readonly Tokens[];
  /** The keys that have signed so far. */
  kids(): readonly string[];
  /** Whether every visitor's token is of this key. */
  areAllOf(kid: string): boolean;
  /** What came of each call so far: `read 200`, `backend verified`. */
  readonly outcomes: readonly string[];
  stop(): Promise<void>;
}

export const kidOf = ({ accessToken }: Tokens): string => {
  const [head = ""] = accessToken.split(".");
  return (JSON.parse(Buffer.from(head, "base64url").toString()) as { readonly kid: string }).kid;
};

/** The code of a refusal, the status of anything else. */
export const outcomeOf = ({ status, body }: ApiAnswer<object>): string =>
  "code" in body ? String(body.code) : String(status);

export const refresh = (target: ApiTarget, { refreshToken }: Tokens): Promise<ApiAnswer<Tokens>> =>
  callApi<Tokens>(target, "POST", "/v1/sessions/refresh", { body: { refreshToken } });

export async function keepVisiting(scene: Scene, target: ApiTarget, backend: TokenVerifier): Promise<Traffic> {
  const outcomes: string[] = [];
  const kids = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  const over = new AbortController();
  let urls: readonly string[] = [target.api];
  let turn = 0;

  /** Makes one call of the worker whose turn it is, and writes down what came of it. */
  async function call<Value>(
    name: string,
    make: (at: ApiTarget) => Promise<Value>,
    describe: (value: Value) => string,
  ): Promise<Value | undefined> {
    const made = make({ ...target, api: urls[turn++ % urls.length] ?? target.api });
    underWay.add(made);
    const [outcome, value] = await made.then(
      (answer) => [describe(answer), answer] as const,
      (error: unknown) => [String(error), undefined] as const,
    );
    underWay.delete(made);
    outcomes.push(`${name} ${outcome}`);
    return value;
  }

  async function enter(): Promise<Tokens | undefined> {
    const wallet = await createWallet();
    const tokens = await call(
      "sign-in",
      (at) => signIn(at, wallet),
      () => "201",
    );
    if (tokens) await show(tokens);
    return tokens;
  }

  /** To the API, and to the dapp's own backend. */
  async function show(tokens: Tokens): Promise<void> {
    kids.add(kidOf(tokens));
    const { accessToken: token } = tokens;
    await call("read", (at) => callApi(at, "GET", "/v1/sessions/current", { token }), outcomeOf);
    await call(
      "backend",
      () => backend.verify(token),
      () => "verified",
    );
  }

  const visitors = new Map<number, Tokens>();
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const tokens = await enter();
    if (!tokens) throw new Error(outcomes.join("\n"));
    visitors.set(visitor, tokens);
    scene.hidden.add(tokens.accessToken).add(tokens.refreshToken);
  }

  const loops = Array.from(visitors.keys(), async (visitor) => {
    while (!over.signal.aborted) {
      const former = visitors.get(visitor);
      if (!former) return;
      const answer = await call("refresh", (at) => refresh(at, former), outcomeOf);
      if (answer?.status === 200) visitors.set(visitor, answer.body);
      await show(visitors.get(visitor) ?? former);
      if (visitor === 0) await enter();
      await sleep(PAUSE_MS);
    }
  });

  return {
    target,
    outcomes,
    async useOnly(given) {
      urls = given;
      await Promise.allSettled(underWay);
    },
    sessions: () => [...visitors.values()],
    kids: () => [...kids].toSorted(),
    areAllOf: (kid) => [...visitors.values()].every((tokens) => kidOf(tokens) === kid),
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}
