import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { describeIssues, TokenKeys } from "../../config.ts";
import {
  activateKey,
  addKey,
  dueAtMs,
  removeKey,
  type TokenKeyState,
  type TokenKeyStatus,
} from "../../domain/token-keys.ts";
import { runProcess, type Say, sayOnTerminal, UsageError } from "./installation.ts";
import { findTokenKeyPlace, type TokenKeyPlace } from "./token-key-place.ts";

const USAGE = `usage: npm run token-keys -- <command>
  list            what each key does, since when, and what it waits for
  add             makes the next key: published, but it does not sign yet
  activate <kid>  lets it sign, when it has been published for 15 minutes; the one before it retires
  remove <kid>    takes away what has retired for 15 minutes, or has never signed
  replace         one fresh key that signs at once, and no other: for a new deployment, or when a key has leaked
The keys are the value of TOKEN_KEYS, or of standard input with --stdin: the next value is written to standard output (on a
terminal only with --print). Without either they are those of npm start, in its data folder.
`;

const OPTIONS: ReadonlySet<string> = new Set(["--stdin", "--print"]);

type PrivateJwk = Omit<TokenKeys[number], "state" | "since">;

interface OwnKey extends TokenKeyStatus {
  readonly jwk: PrivateJwk;
}

const inWords = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");

/** @throws UsageError naming what makes no sense; no part of a key is in it */
async function parseKeys(value: string): Promise<readonly OwnKey[]> {
  const parsed = TokenKeys.safeParse(value);
  if (!parsed.success) throw new UsageError(`TOKEN_KEYS makes no sense:\n${describeIssues(parsed.error)}`);
  return Promise.all(
    parsed.data.map(async ({ state, since, ...jwk }) => {
      return { kid: await calculateJwkThumbprint(jwk), state, sinceMs: Date.parse(since), jwk };
    }),
  );
}

const composeKeys = (keys: readonly OwnKey[]): string =>
  JSON.stringify(keys.map(({ jwk, state, sinceMs }) => ({ ...jwk, state, since: inWords(sinceMs) })));

async function createKey(state: TokenKeyState, sinceMs: number): Promise<OwnKey> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { x = "", y = "", d = "" } = await exportJWK(privateKey);
  const jwk: PrivateJwk = { kty: "EC", crv: "P-256", x, y, d };
  return { kid: await calculateJwkThumbprint(jwk), state, sinceMs, jwk };
}

function describe(key: OwnKey, nowMs: number): string {
  const atMs = dueAtMs(key);
  const step = { next: "it can be activated", active: "it signs", retiring: "it can be removed" }[key.state];
  const when = atMs === undefined || atMs <= nowMs ? "" : ` from ${inWords(atMs)} on`;
  return `${key.kid} ${key.state} since ${inWords(key.sinceMs)}\n  ${step}${when}`;
}

type Refusal = Extract<ReturnType<typeof removeKey>, { readonly ok: false }>["reason"];

function explain(refusal: Refusal): string {
  if (refusal.kind === "too_early") return `Too early: from ${inWords(refusal.atMs)} on.`;
  if (refusal.kind === "next_exists") return `${refusal.kid} is next already: activate it, or remove it.`;
  if (refusal.kind === "not_next") return `It is ${refusal.state}: only a key that is next can be activated.`;
  return {
    unknown: "There is no such key: list shows those that are there.",
    signs: "It signs: activate another one first.",
  }[refusal.kind];
}

type Command = (
  keys: readonly OwnKey[],
  word: () => string,
  nowMs: number,
) => Promise<ReturnType<typeof removeKey<OwnKey>>>;

const STEPS: Readonly<Record<string, Command>> = {
  add: async (keys, _word, nowMs) => addKey(keys, await createKey("next", nowMs)),
  activate: async (keys, word, nowMs) => activateKey(keys, word(), nowMs),
  remove: async (keys, word, nowMs) => removeKey(keys, word(), nowMs),
};

interface Desk {
  readonly place: TokenKeyPlace;
  readonly say: Say;
  readonly nowMs: number;
}

function keep({ place, say, nowMs }: Desk, keys: readonly OwnKey[]): number {
  const advice = place.write(composeKeys(keys));
  for (const key of keys) say(describe(key, nowMs));
  say(advice);
  return 0;
}

/** Does what the words say to the keys of a place; gives the exit code. @throws UsageError */
export async function runTokenKeys(desk: Desk, words: readonly string[]): Promise<number> {
  const { place, say, nowMs } = desk;
  const [name = "", kid] = words;
  // What is replaced need not be readable: it may be of an earlier version, or not there yet.
  if (name === "replace") return keep(desk, [await createKey("active", nowMs)]);
  const step = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (!step && name !== "list") throw new UsageError(name === "" ? "Which command?" : `${name} is no command.`);
  const keys = await parseKeys(await place.read());
  if (!step) {
    for (const key of keys) say(describe(key, nowMs));
    return 0;
  }
  const word = (): string => {
    if (kid === undefined) throw new UsageError(`Say which key to ${name}.`);
    return kid;
  };
  const rolled = await step(keys, word, nowMs);
  if (rolled.ok) return keep(desk, rolled.value);
  say(explain(rolled.reason));
  return 1;
}

if (import.meta.main) {
  await runProcess(USAGE, () => {
    const args = process.argv.slice(2);
    const words = args.filter((word) => !OPTIONS.has(word));
    const options = new Set(args.filter((word) => OPTIONS.has(word)));
    const place = findTokenKeyPlace(process, options);
    const isForValue = place.isPipe && words[0] !== "list";
    const say: Say = isForValue ? (line) => void process.stderr.write(`${line}\n`) : sayOnTerminal;
    return runTokenKeys({ place, say, nowMs: Date.now() }, words);
  });
}
