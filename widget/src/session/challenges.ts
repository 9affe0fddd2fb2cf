import type { CallApi } from "../api/client.ts";
import { createProofKey } from "../api/dpop.ts";
import type { Challenge, SignInFields } from "../api/types.ts";
import { GaslessError, toGaslessError } from "../errors.ts";

/** A challenge with the key that its session will be bound to: the server takes neither without the other. */
export interface BoundChallenge {
  readonly challenge: Challenge;
  readonly key: CryptoKeyPair;
}

/** What a challenge is asked for; what is absent is not bound. */
export interface ChallengeBinding {
  readonly network: string;
  readonly address?: string;
  readonly method?: string;
}

export interface ChallengeKeeper {
  /** A challenge of its own, not kept. */
  request(binding: ChallengeBinding): Promise<BoundChallenge>;
  /** A challenge that is good for `spareMs`, or another minute; kept, so that a tap on a wallet waits for nothing. */
  prefetch(spareMs?: number): Promise<BoundChallenge>;
  /** The prefetched challenge, once: a challenge opens one session. */
  take(spareMs?: number): BoundChallenge | undefined;
  /** The one that was taken last, which nothing was redeemed by: so that another way to sign waits for nothing either. */
  giveBack(bound: BoundChallenge): void;
}

const SPARE_MS = 60_000;

/** A signature must be good for this page alone, whatever the server says: it could hand on another site's text. */
function assertOfThisPage(fields: SignInFields): void {
  const { resources, ...texts } = fields;
  const parts: unknown[] = [...Object.values(texts), ...(Array.isArray(resources) ? resources : [undefined])];
  // Each is one line: nobody gets another line into the text.
  const isPlain = parts.every((part) => typeof part === "string" && /^[ -~]*$/.test(part));
  if (isPlain && fields.domain === location.host && fields.uri === location.origin) return;
  throw new GaslessError("auth.challenge_invalid", `The server's challenge is not for ${location.origin}.`);
}

/** A fresh proof by the server's own clock is wrong in one thing alone: the address that it is for. */
function explain(cause: unknown): never {
  const { code, requestId } = toGaslessError(cause);
  if (code !== "auth.proof_invalid") throw cause;
  const detail = "The attribute api must be the very address that the service knows as its own.";
  throw new GaslessError("widget.misconfigured", detail, { cause, requestId });
}

/** Challenges and their keys, in memory alone: nothing is stored before somebody has signed in. */
export function createChallengeKeeper(callApi: CallApi, resolveNetwork: () => Promise<string>): ChallengeKeeper {
  let ready: { readonly bound: BoundChallenge; readonly untilMs: number } | undefined;
  let taken: typeof ready;
  let fetching: Promise<BoundChallenge> | undefined;

  async function request(body: ChallengeBinding): Promise<BoundChallenge> {
    const key = await createProofKey();
    const challenge = await callApi<Challenge>("POST", "/v1/challenges", { body, key }).catch(explain);
    assertOfThisPage(challenge.fields);
    return { challenge, key };
  }

  async function fetchOne(): Promise<BoundChallenge> {
    const bound = await request({ network: await resolveNetwork() });
    const { expiresAt, fields } = bound.challenge;
    // By the server's own times: this device's clock may be wrong.
    ready = { bound, untilMs: performance.now() + Date.parse(expiresAt) - Date.parse(fields.issuedAt) };
    return bound;
  }

  const readFresh = (spareMs = SPARE_MS) =>
    ready && ready.untilMs - spareMs > performance.now() ? ready.bound : undefined;
  return {
    request,
    async prefetch(spareMs) {
      const fresh = readFresh(spareMs);
      if (fresh) return fresh;
      fetching ??= fetchOne().finally(() => (fetching = undefined));
      return fetching;
    },
    take(spareMs) {
      const fresh = readFresh(spareMs);
      taken = ready;
      ready = undefined;
      return fresh;
    },
    giveBack(bound) {
      if (taken?.bound === bound) ready ??= taken;
    },
  };
}
