import assert from "node:assert/strict";
import type { Drill } from "./drill.ts";
import {
  createIntents,
  createUsers,
  describeFaults,
  expectAccepted,
  NO_RATE_LIMITS,
  outcomeOf,
  postUntilAnswered,
} from "./intents.ts";
import { relaysOf } from "./ledger.ts";
import { inDigits, inSeconds, mapLimited, sleep, tally } from "./support.ts";

const PER_SECOND = 200;
const SECONDS = { full: 3, short: 1 } as const;
const KILLS = { full: 2, short: 1 } as const;
const USERS = 20;
/** Node, chain, Redis and everybody who asks share one process here: it takes its time to work off what came at once. */
const PATIENCE_MS = 240_000;

export const killedUnderLoad: Drill = {
  number: 12,
  title: "killed at 200 requests a second, every key comes to its one relay when it is asked again",
  // A lifetime longer than the drill: what it is about is not that transactions grow old.
  stack: () => ({ slotMs: 2_000, finalityDepth: 2 }),
  async run(scene) {
    const { stack, scale, say } = scene;
    const target = await stack.createProject({ ...NO_RATE_LIMITS, limits: [] });
    const users = await createUsers(scene, target, USERS);
    const intents = await createIntents(users, PER_SECOND * SECONDS[scale]);

    const startedAtMs = performance.now();
    const posting = intents.map(async (intent, index) => {
      await sleep(startedAtMs + (index * 1_000) / PER_SECOND - performance.now());
      return postUntilAnswered(intent, undefined, PATIENCE_MS);
    });
    const all = Promise.allSettled(posting);
    for (let kill = 1; kill <= KILLS[scale]; kill++) {
      await sleep(startedAtMs + (kill * 1_000 * SECONDS[scale]) / (KILLS[scale] + 1) - performance.now());
      await stack.restartAfterKill();
    }
    await all;
    const posts = await Promise.all(posting);
    const tookMs = performance.now() - startedAtMs;

    const outcomes = posts.map(({ answer }) => outcomeOf(answer));
    say(
      `${inDigits(intents.length)} posts at ${PER_SECOND} a second, ${KILLS[scale]} kills: ${tally(outcomes)}${describeFaults(posts)}`,
    );
    const attempts = posts.reduce((sum, post) => sum + post.outcomes.length, 0);
    say(`every key answered after ${inSeconds(tookMs)}, with ${(attempts / posts.length).toFixed(2)} attempts each`);
    const ids = posts.map(({ answer }) => expectAccepted(answer).id);
    assert.equal(new Set(ids).size, intents.length, "two keys have the same relay");
    const again = await mapLimited(intents.slice(0, 50), 4, async ({ post }) => expectAccepted(await post()).id);
    assert.deepEqual(again, ids.slice(0, 50), "a key has another relay than before");
    const accepted = new Set(ids);
    const others = (await relaysOf(stack)).filter(({ id, state }) => !accepted.has(id) && state !== "rejected");
    assert.deepEqual(others, [], "relays that no key leads to");
  },
};
