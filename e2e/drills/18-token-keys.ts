import assert from "node:assert/strict";
import { callApi, type Tokens } from "@gasless/localnet/api-client";
import { createTokenVerifier, type TokenVerifier } from "@gasless/localnet/testing/token-verifier";
import type { Drill, Scene } from "./drill.ts";
import { NO_RATE_LIMITS } from "./intents.ts";
import { inDigits, sleep, tally, until } from "./support.ts";
import { openDesk, type TokenKeyDesk } from "./token-key-desk.ts";
import { keepVisiting, kidOf, outcomeOf, refresh, type Traffic } from "./token-traffic.ts";

const STEP_MS = { full: 8_000, short: 1_000 } as const;
/** What docs tell operators to wait: after publishing a key, and after another one has taken its place. */
const WAIT_MS = 15 * 60_000;

/** Puts the operator's value in force: isolates of both configurations answer in turns, then the new ones alone. */
async function deploy({ stack, scale }: Scene, desk: TokenKeyDesk, traffic: Traffic): Promise<void> {
  await stack.rollTo({ TOKEN_KEYS: desk.value() }, async (former) => {
    await traffic.useOnly([former.url, stack.worker().url]);
    await sleep(STEP_MS[scale]);
    await traffic.useOnly([stack.worker().url]);
  });
}

interface Roll {
  readonly scene: Scene;
  readonly desk: TokenKeyDesk;
  readonly traffic: Traffic;
  readonly backend: TokenVerifier;
}

const readBy = ({ scene, traffic }: Roll, { accessToken: token }: Tokens) =>
  callApi({ ...traffic.target, api: scene.stack.worker().url }, "GET", "/v1/sessions/current", { token });

/** next → active → retiring → removed; gives the tokens of a visitor from before the activation. */
async function rollOnce(roll: Roll): Promise<Tokens> {
  const { scene, desk, traffic, backend } = roll;
  const oldKid = desk.kidOf("active");
  assert.equal(await desk.run("add"), 0);
  const newKid = desk.kidOf("next");
  assert.equal(await desk.run("activate", newKid), 1, "activated before anybody can know it");
  await deploy(scene, desk, traffic);
  assert.deepEqual(traffic.kids(), [oldKid], "a key signed that is only published");

  // Within its quarter of an hour every copy of the keys has become too old once.
  desk.wait(WAIT_MS);
  await backend.readKeys();
  const [veteran] = traffic.sessions();
  assert(veteran);
  assert.equal(await desk.run("activate", newKid), 0);
  await deploy(scene, desk, traffic);
  assert.deepEqual(traffic.kids(), [oldKid, newKid].toSorted(), "both keys have not signed");
  assert.equal(await desk.run("remove", oldKid), 1, "removed while its tokens live");

  // The life of a token: by its end everybody has been given another one.
  await until("tokens of the new key for everybody", async () => traffic.areAllOf(newKid) || undefined);
  assert.equal((await readBy(roll, veteran)).status, 200, "a key that retires takes no tokens any more");
  desk.wait(WAIT_MS);
  assert.equal(await desk.run("remove", oldKid), 0);
  await deploy(scene, desk, traffic);
  await sleep(STEP_MS[scene.scale]);
  return veteran;
}

/** The session goes on; what the removed key has signed is nothing any more. */
async function assertRolled(roll: Roll, veteran: Tokens): Promise<void> {
  const { traffic, backend } = roll;
  const kept = traffic.sessions().filter(({ session }) => session.id === veteran.session.id);
  assert.equal(kept.length, 1, "a session was lost");
  assert.equal(outcomeOf(await readBy(roll, veteran)), "auth.token_invalid");
  assert.equal(await backend.verify(veteran.accessToken), kidOf(veteran), "the backend has read the keys since");
  await backend.readKeys();
  await assert.rejects(backend.verify(veteran.accessToken), "a backend takes tokens of the removed key");
}

/** After a leak: whoever has the old key can make no token any more, and every session goes on by its next refresh. */
async function replaceLeaked(roll: Roll): Promise<void> {
  const { scene, desk, traffic, backend } = roll;
  const [former] = traffic.sessions();
  assert(former);
  assert.equal(await desk.run("replace"), 0);
  await deploy(scene, desk, traffic);
  assert.equal(outcomeOf(await readBy(roll, former)), "auth.token_invalid");
  const { status, body } = await refresh({ ...traffic.target, api: scene.stack.worker().url }, former);
  assert.deepEqual([status, body.session.id], [200, former.session.id]);
  await assert.rejects(backend.verify(body.accessToken), "a backend knew a key that was never announced");
  await backend.readKeys();
  await backend.verify(body.accessToken);
  await assert.rejects(backend.verify(former.accessToken), "a backend takes tokens of a leaked key");
}

export const tokenKeys: Drill = {
  number: 18,
  title: "the key of access tokens is replaced while everybody is signed in, and nobody sees an error",
  async run(scene) {
    const { stack, scale, say } = scene;
    const target = await stack.createProject(NO_RATE_LIMITS);
    const desk = await openDesk(stack.secrets.tokenKeys);
    const backend = createTokenVerifier(stack.api, target.projectId, () => stack.worker().url);
    await backend.readKeys();
    const traffic = await keepVisiting(scene, target, backend);
    const roll = { scene, desk, traffic, backend };
    let veteran: Tokens;
    try {
      await sleep(STEP_MS[scale]);
      veteran = await rollOnce(roll);
    } finally {
      await traffic.stop();
    }
    const { outcomes } = traffic;
    say(`${inDigits(outcomes.length)} calls without a pause: ${tally(outcomes)}`);
    const faults = outcomes.filter((outcome) => !/ (200|201|verified)$/.test(outcome));
    assert.deepEqual(faults, [], "somebody saw an error");
    await assertRolled(roll, veteran);
    say("a token of the removed key is refused, by the API and by a backend with today's keys");
    await replaceLeaked(roll);
    say("replaced at once, as after a leak: old tokens are refused, the session goes on with its next refresh");
  },
};
