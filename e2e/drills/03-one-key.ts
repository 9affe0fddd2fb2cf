import assert from "node:assert/strict";
import type { Drill, Scene } from "./drill.ts";
import {
  createIntent,
  describeFaults,
  expectAccepted,
  type Intent,
  type Persistence,
  postUntilAnswered,
} from "./intents.ts";
import { relaysOf, untilState } from "./ledger.ts";
import { methodOf } from "./nodes.ts";
import { tally } from "./support.ts";

const POSTS = 100;
const INTENTS = { full: 10, short: 1 } as const;

const postAtOnce = (intent: Intent, makeKey: () => string | undefined): Promise<Persistence[]> =>
  Promise.all(Array.from({ length: POSTS }, () => postUntilAnswered(intent, makeKey())));

const lastOf = ({ outcomes }: Persistence): string => outcomes.at(-1) ?? "";

/** The distinct bytes that the node is sent of a transaction. */
function watchSends({ stack }: Scene, { mark }: Intent): ReadonlySet<string> {
  const bodies = new Set<string>();
  stack.rpc.onRequest((request) => {
    if (methodOf(request) === "sendTransaction" && request.body.includes(mark)) bodies.add(request.body);
    return "forward";
  });
  return bodies;
}

async function postOneKey(scene: Scene): Promise<Persistence[]> {
  const intent = await createIntent(scene);
  const sends = watchSends(scene, intent);
  const posts = await postAtOnce(intent, () => undefined);
  const ids = new Set(posts.map(({ answer }) => expectAccepted(answer).id));
  assert.equal(ids.size, 1, "relays of one key");
  const repeated = await intent.post();
  assert.equal(repeated.headers.get("idempotent-replayed"), "true");
  await untilState(scene.stack, expectAccepted(repeated).id, "finalized", 30_000);
  assert.equal(sends.size, 1, "signed transactions that were sent");
  return posts;
}

async function postSameBytes(scene: Scene): Promise<Persistence[]> {
  const posts = await postAtOnce(await createIntent(scene), () => crypto.randomUUID());
  assert.equal(tally(posts.map(lastOf)), `1 × 202, ${POSTS - 1} × transaction.already_relayed`);
  return posts;
}

export const oneKey: Drill = {
  number: 3,
  title: "one idempotency key is executed once, however often and however soon it is posted",
  stack: () => ({ slotMs: 400, finalityDepth: 8 }),
  async run(scene) {
    const { stack, scale, say } = scene;
    const intents = INTENTS[scale];
    const byKey: Persistence[] = [];
    const byBytes: Persistence[] = [];
    for (let intent = 0; intent < intents; intent++) {
      byKey.push(...(await postOneKey(scene)));
      byBytes.push(...(await postSameBytes(scene)));
    }
    stack.rpc.onRequest(undefined);
    const times = `${intents} times ${POSTS} posts at once`;
    say(`${times} of one key: ${tally(byKey.map(lastOf))}${describeFaults(byKey)}`);
    say(`${times} of the same bytes, each with its own key: ${tally(byBytes.map(lastOf))}${describeFaults(byBytes)}`);
    assert.equal((await relaysOf(stack)).length, 2 * intents);
  },
};
