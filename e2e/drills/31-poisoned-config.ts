import assert from "node:assert/strict";
import { type ApiTarget, callApi } from "@gasless/localnet/api-client";
import { workerBindings } from "@gasless/localnet/bindings";
import type { Stack } from "@gasless/localnet/testing/stack";
import { startWorker } from "@gasless/localnet/worker";
import type { SeededProject } from "@gasless/db/factories";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, createUser, expectAccepted, type Intent, outcomeOf } from "./intents.ts";
import { mapLimited, tally, until } from "./support.ts";

type Victim = ApiTarget & SeededProject;

/** Written past every check of ours, as a migration gone wrong or a hand at the database would. */
interface Poison {
  readonly name: string;
  readonly write: (scene: Scene, victim: Victim) => Promise<unknown>;
  /** It has a sponsor of its own: others' projects would share its fate. */
  readonly hasOwnSponsor?: true;
  /** What its relays are answered with. */
  readonly answer: string;
}

/** Far deeper than any policy: a reader that recurses without a bound would not come back. */
const nest = (levels: number): string => `${'{"any":['.repeat(levels)}{"eq":"1"}${"]}".repeat(levels)}`;

const policy = (name: string, document: string): Poison => ({
  name: `a policy that is ${name}`,
  write: ({ stack }, { projectId, network }) =>
    stack.database.query("select publish_policy($1, $2, $3::jsonb, 1)", [projectId, network, document]),
  answer: "policy.not_published",
});

const RULE = { program: "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr", instruction: "memo" };
const BOUNDS = { maxSignatures: 3, maxFee: "25000", maxComputeUnits: 200_000, maxComputeUnitPrice: "50000" };

const POISONS: readonly Poison[] = [
  policy("a number", "7"),
  policy("a list", "[]"),
  policy("empty", "{}"),
  policy(
    "of another version, with a field that nobody knows",
    JSON.stringify({ allow: [RULE], ...BOUNDS, allowAll: true }),
  ),
  policy("without its bounds", JSON.stringify({ allow: [RULE] })),
  policy("with a number where an amount belongs", JSON.stringify({ allow: [RULE], ...BOUNDS, maxFee: 25_000 })),
  policy("with a fee beyond any number", JSON.stringify({ allow: [RULE], ...BOUNDS, maxFee: "9".repeat(200) })),
  policy(
    "nested a thousand times",
    `{"allow":[{"program":"${RULE.program}","instruction":"memo","arguments":{"memo":${nest(1_000)}}}]}`,
  ),
  policy("of another family", JSON.stringify({ allow: [{ transaction: "payment" }], maxFee: "5000" })),
  policy("made of prototypes", '{"__proto__":{"allow":[]},"constructor":{"prototype":{"allow":[]}}}'),
  {
    name: "a sponsor whose address is none",
    write: async ({ stack }, { sponsorId }) => {
      await stack.database.query("update sponsors set address = 'nobody-' || id where id = $1", [sponsorId]);
    },
    hasOwnSponsor: true,
    answer: "transaction.wrong_fee_payer",
  },
  {
    name: "a budget of nothing",
    write: ({ stack }, { projectId }) =>
      stack.database.query("update limits set amount = 0 where project_id = $1 and unit = 'fee'", [projectId]),
    answer: "budget.user_exhausted",
  },
  {
    name: "a denylist of everything that it names",
    write: ({ stack }, { projectId, network }) =>
      stack.database.query(
        "insert into denied_accounts (project_id, network, address) values ($1, $2, $3), ($1, $2, ''), ($1, $2, 'x')",
        [projectId, network, RULE.program],
      ),
    answer: "policy.account_denied",
  },
];

interface Poisoned {
  readonly poison: Poison;
  readonly victim: Victim;
  readonly intent: Intent;
}

async function poison(scene: Scene, one: Poison): Promise<Poisoned> {
  const [, own] = scene.stack.sponsors;
  assert(own);
  const victim = await scene.stack.createProject(one.hasOwnSponsor && { sponsorAddress: own.address });
  const intent = await createIntent(scene, await createUser(scene, victim));
  await one.write(scene, victim);
  return { poison: one, victim, intent };
}

/** Within the five seconds that an isolate may remember a project. */
const settle = ({ poison: { name, answer }, intent }: Poisoned): Promise<string> =>
  until(`${name} being answered with ${answer}`, async () => {
    const outcome = outcomeOf(await intent.post(crypto.randomUUID()));
    return outcome === answer ? outcome : undefined;
  });

/** Variables of a deployment, each wrong in a way of its own. */
const BROKEN: readonly (readonly [name: string, value: string])[] = [
  ["API_URL", "gasless.example"],
  ["NETWORKS", "{"],
  ["NETWORKS", '{"solana:moon":{"providers":[]}}'],
  ["NETWORKS", '{"solana:localnet":{"providers":[{"name":"one","url":"http://127.0.0.1:1"}]}}'],
  ["SECRETS", "{}"],
  ["SECRETS", '{"k1":"c2hvcnQ="}'],
  ["TOKEN_KEYS", "[]"],
  ["SPONSOR_KEYS", '{"11111111111111111111111111111111":"c2hvcnQ="}'],
  ["UPSTASH_REDIS_REST_URL", "redis://127.0.0.1"],
  ["METRICS_TOKEN", "short"],
];

/** Whether a worker that is configured like this serves anything. */
async function isTaken(
  { api, secrets, solana, redis, rpc, database }: Stack,
  name: string,
  value: string,
): Promise<boolean> {
  const addresses = { api, solanaRpc: rpc.url, genesisHash: solana.genesisHash, redis: redis.url };
  const worker = await startWorker({
    scriptPath: "bff/dist/worker.js",
    assetsFolder: "bff/dist/assets",
    bindings: { ...workerBindings(addresses, secrets), [name]: value },
    databaseUrl: String(database.options.connectionString),
    durableObjects: { SWEEP_CLOCK: "SweepClock", METRICS_SINK: "MetricsSink" },
    onLog: () => undefined,
  });
  try {
    const answer = await fetch(`${worker.url}/live`);
    const { code } = (await answer.json()) as { readonly code?: string };
    return answer.status !== 500 || code !== "internal.misconfigured";
  } finally {
    await worker.stop();
  }
}

export const poisonedConfig: Drill = {
  number: 31,
  title: "a poisoned configuration stops what it is about, says so, and stops nothing else",
  stack: () => ({ sponsors: 2 }),
  async run(scene) {
    const { stack, say } = scene;
    const bystander = await createUser(scene);
    const poisoned = await mapLimited(POISONS, 4, (one) => poison(scene, one));
    const outcomes = await mapLimited(poisoned, 4, settle);
    say(`${POISONS.length} poisoned projects: ${tally(outcomes)}`);

    // Their pages still learn who they are, and whoever is signed in can still sign out.
    for (const {
      poison: { name },
      victim,
      intent,
    } of poisoned) {
      const config = await callApi(victim, "GET", "/v1/config");
      assert.equal(config.status, 200, `${name}: its page was answered ${config.status}`);
      const ended = await callApi(victim, "DELETE", "/v1/sessions/current", { token: intent.token });
      assert.equal(ended.status, 204, `${name}: signing out was answered ${ended.status}`);
    }

    const intents = await mapLimited(Array.from({ length: 5 }), 2, () => createIntent(scene, bystander));
    for (const intent of intents) expectAccepted(await intent.post());
    say(`a project beside them: ${intents.length} of ${intents.length} relays accepted`);
    const readable = stack.log.filter((line) => line.includes("policy.unreadable")).length;
    assert(readable > 0, "no log line names a policy that cannot be read");

    const taken = await mapLimited(BROKEN, 2, ([name, value]) => isTaken(stack, name, value));
    const accepted = BROKEN.filter((_, index) => taken[index]).map(([name, value]) => `${name}=${value}`);
    assert.deepEqual(accepted, [], "a worker took a broken variable");
    say(`${BROKEN.length} workers with one broken variable: none of them serves anything`);
    expectAccepted(await (await createIntent(scene, bystander)).post());
  },
};
