import assert from "node:assert/strict";
import type { Drill } from "./drill.ts";
import {
  createIntents,
  createUsers,
  describeFaults,
  NO_RATE_LIMITS,
  outcomeOf,
  type Persistence,
  postUntilAnswered,
} from "./intents.ts";
import { inDigits, inSeconds, mapLimited, tally, timed } from "./support.ts";

const CONCURRENCY = 50;
const USERS = 20;
/** What each of these transactions costs: two signatures. */
const FEE = 10_000n;
/** Prepared and signed at once, so that none grows too old before it is posted. */
const BATCH = 500;

export const doubleSpend: Drill = {
  number: 1,
  title: "however many ask at once, a budget is spent to its end and never beyond",
  stack: () => ({ slotMs: 400, finalityDepth: 8 }),
  async run(scene) {
    const { stack, scale, say } = scene;
    const [relays, budget] = scale === "full" ? [2_000, 200] : [200, 40];
    const target = await stack.createProject({
      ...NO_RATE_LIMITS,
      limits: [{ subjectKind: "project", window: "lifetime", unit: "fee", amount: BigInt(budget) * FEE }],
    });
    const users = await createUsers(scene, target, USERS);
    const posts: Persistence[] = [];
    let tookMs = 0;
    while (posts.length < relays) {
      const intents = await createIntents(users, Math.min(BATCH, relays - posts.length));
      const posting = await timed(() => mapLimited(intents, CONCURRENCY, (intent) => postUntilAnswered(intent)));
      posts.push(...posting.value);
      tookMs += posting.tookMs;
    }
    const outcomes = posts.map(({ answer }) => outcomeOf(answer));
    const asked = `${inDigits(relays)} relays, ${CONCURRENCY} at a time, with budget for ${budget}`;
    say(`${asked}: ${tally(outcomes)}${describeFaults(posts)} in ${inSeconds(tookMs)}`);
    const accepted = outcomes.filter((outcome) => outcome === "202").length;
    const refused = outcomes.filter((outcome) => outcome === "budget.lifetime_exhausted").length;
    assert.deepEqual({ accepted, refused }, { accepted: budget, refused: relays - budget });
  },
};
