import { type ApiAnswer, type ApiTarget, callApi, type CallOptions } from "@gasless/localnet/api-client";
import type { ProofKey } from "@gasless/localnet/proof-key";

/** So much of a secret in one piece is the secret, for whoever looks for it. */
const PIECE_CHARS = 16;

/** What goes in, and must never come out where operators look; and what refusals said. */
export interface Canaries {
  /** Not to be seen anywhere, whole or in pieces. */
  readonly secrets: Set<string>;
  /** Of persons: not to be seen whole in logs, metrics and alerts. */
  readonly persons: Set<string>;
  readonly problems: string[];
  /** Calls the API and keeps what it refuses with. */
  call(
    target: ApiTarget,
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<ApiAnswer<Record<string, unknown>>>;
  /** The same key; each proof that it makes is a secret. */
  watch(key: ProofKey): ProofKey;
}

export function createCanaries(known: Iterable<string>): Canaries {
  const secrets = new Set(known);
  const problems: string[] = [];
  return {
    secrets,
    persons: new Set(),
    problems,
    async call(target, method, path, options) {
      const answer = await callApi(target, method, path, options);
      if (answer.status >= 400) problems.push(JSON.stringify(answer.body));
      return answer;
    },
    watch: (key) => ({
      ...key,
      async prove(parts) {
        const proof = await key.prove(parts);
        secrets.add(proof);
        return proof;
      },
    }),
  };
}

function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start + PIECE_CHARS <= text.length; start++) yield text.slice(start, start + PIECE_CHARS);
}

/** The lines in which a secret stands, or enough of it to be one. */
export function findSecrets(text: string, secrets: Iterable<string>): string[] {
  const pieces = new Set<string>();
  const short: string[] = [];
  for (const secret of secrets) {
    if (secret.length < PIECE_CHARS) short.push(secret);
    else for (const piece of piecesOf(secret)) pieces.add(piece);
  }
  const lines = text.split("\n");
  return lines.filter(
    (line) => short.some((secret) => line.includes(secret)) || piecesOf(line).some((piece) => pieces.has(piece)),
  );
}

/** What a finding may say: what it stands in, and nothing of it. */
export const describeLine = (line: string): string => /"(?:event|code)":"([a-z._]*)"/.exec(line)?.[1] ?? "a line";
