import assert from "node:assert/strict";
import { prepareRelay } from "@gasless/localnet/api-client";
import type { Stack } from "@gasless/localnet/testing/stack";
import { address } from "@solana/kit";
import type { Drill, Scene } from "./drill.ts";
import { buildIntent, createIntent, createUsers, NO_RATE_LIMITS, outcomeOf, type User } from "./intents.ts";
import { inDigits, sleep, tally, until } from "./support.ts";

const USERS = 6;
/** Half of them think about what they sign. */
const SLOW_WALLET_MS = 3_000;
const QUICK_WALLET_MS = 100;
/** An isolate may give a sponsor out for as long as it remembers the project. */
const FORGOTTEN_MS = 6_000;
const STEP_MS = { full: 8_000, short: 1_000 } as const;

interface Relayed {
  readonly feePayer: string;
  readonly outcome: string;
  readonly preparedAtMs: number;
  readonly postedAtMs: number;
}

/** Relays without a pause, from all users at once, until it is told to stop. */
function keepRelaying(scene: Scene, users: readonly User[]) {
  const relayed: Relayed[] = [];
  const over = new AbortController();
  const loops = users.map(async (user, index) => {
    while (!over.signal.aborted) {
      const preparedAtMs = performance.now();
      const intent = await createIntent(scene, user);
      await sleep(index % 2 === 0 ? QUICK_WALLET_MS : SLOW_WALLET_MS);
      const postedAtMs = performance.now();
      const outcome = await intent.post().then(outcomeOf, String);
      relayed.push({ feePayer: intent.feePayer, outcome, preparedAtMs, postedAtMs });
    }
  });
  return {
    relayed,
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}

const setState = ({ database }: Stack, address: string, state: string): Promise<unknown> =>
  database.query("update sponsors set state = $2 where address = $1", [address, state]);

async function retire({ database }: Stack, address: string): Promise<boolean> {
  const { rows } = await database.query<{ done: boolean }>(
    "select retire_sponsor(id) as done from sponsors where address = $1",
    [address],
  );
  return rows[0]?.done === true;
}

async function join({ database }: Stack, projectId: string, network: string, address: string): Promise<void> {
  await database.query("insert into sponsors (id, network, address) values ('spn_new', $1, $2)", [network, address]);
  await database.query("insert into project_sponsors (project_id, network, sponsor_id) values ($1, $2, 'spn_new')", [
    projectId,
    network,
  ]);
}

export const sponsorRotation: Drill = {
  number: 17,
  title: "a sponsor's key is replaced while everybody relays, and nobody sees an error",
  stack: () => ({ slotMs: 100, finalityDepth: 4, sponsors: 2 }),
  async run(scene) {
    const { stack, scale, say } = scene;
    const [old, fresh] = stack.sponsors;
    assert(old && fresh);
    const target = await stack.createProject({ ...NO_RATE_LIMITS, limits: [] });
    const users = await createUsers(scene, target, USERS);
    const traffic = keepRelaying(scene, users);
    await sleep(STEP_MS[scale]);
    await join(stack, target.projectId, target.network, fresh.address);
    await sleep(STEP_MS[scale]);
    const drainedAtMs = performance.now();
    await setState(stack, old.address, "draining");
    assert.equal(await retire(stack, old.address), false, "retired before its five minutes");
    await sleep(FORGOTTEN_MS + SLOW_WALLET_MS);
    // The five minutes in which what was prepared with it is still accepted.
    await stack.database.query(
      "update sponsors set state_changed_at = state_changed_at - interval '5 minutes' where address = $1",
      [old.address],
    );
    await until("the retirement", async () => (await retire(stack, old.address)) || undefined, 30_000);
    await sleep(STEP_MS[scale]);
    await traffic.stop();

    const { relayed } = traffic;
    const byOld = relayed.filter(({ feePayer }) => feePayer === old.address);
    const whileDraining = byOld.filter(({ postedAtMs }) => postedAtMs > drainedAtMs);
    const tooLate = byOld.filter(({ preparedAtMs }) => preparedAtMs > drainedAtMs + FORGOTTEN_MS);
    say(`${inDigits(relayed.length)} relays without a pause: ${tally(relayed.map(({ outcome }) => outcome))}`);
    say(
      `${byOld.length} by the old sponsor, ${whileDraining.length} of them while it was drained; ${relayed.length - byOld.length} by the new one`,
    );
    assert(
      relayed.every(({ outcome }) => outcome === "202"),
      "somebody saw an error",
    );
    assert(whileDraining.length > 0, "nobody had prepared with the old sponsor");
    assert.equal(tooLate.length, 0, "it was given out while it was drained");

    const [user] = users;
    assert(user);
    const { lifetime } = await prepareRelay(target, user.token);
    const late = await buildIntent(user, { feePayer: address(old.address), lifetime });
    assert.equal(outcomeOf(await late.post()), "transaction.wrong_fee_payer");
  },
};
