import assert from "node:assert/strict";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, expectAccepted } from "./intents.ts";
import { endWaits, entriesOf, type Entry, queueImport, readJobs, untilJobsEnded } from "./queued-jobs.ts";
import { inDigits, inMs, until } from "./support.ts";

const PROJECTS = { full: 12, short: 3 } as const;
const ENTRIES = { full: 5_000, short: 1_200 } as const;
/** As many as one project may have. */
const POISONED = { full: 20, short: 4 } as const;
const ATTEMPTS = 5;
/** Turns that the poisoned project takes, and what else is under way on this machine. */
const MAX_GROWTH = 2;
const GRACE_MS = 3_000;

/** No attempt can write it: an address is needed. */
const POISON: Entry = [null, null, null];

/** Every poisoned job has failed once more; some may be further. */
const untilTried = ({ stack }: Scene, ids: readonly string[], attempts: number): Promise<true> =>
  until(
    `attempt ${attempts}`,
    async () => {
      const found = await readJobs(stack, ids);
      const isOver = found.every((job) => job.attempts >= attempts && job.state !== "running");
      return isOver ? true : undefined;
    },
    30_000,
  );

/** Jobs of as many projects, each to its end. Returns how long each took, from the call on. */
async function runHealthy({ stack, scale }: Scene): Promise<readonly number[]> {
  const ids: string[] = [];
  for (let count = 0; count < PROJECTS[scale]; count++) {
    const project = await stack.createProject();
    ids.push(await queueImport(stack, project, entriesOf(project.projectId, ENTRIES[scale])));
  }
  await stack.worker().runScheduled();
  const ended = await untilJobsEnded(stack, ids);
  for (const { state, result } of ended) {
    assert.equal(state, "succeeded");
    assert.deepEqual(result, { kind: "import", added: ENTRIES[scale], changed: 0, removed: 0 });
  }
  return ended.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY);
}

export const poisonJob: Drill = {
  number: 23,
  title: "a poisoned job ends as a dead letter and can be retried; nobody else's job, and no relay, waits for it",
  async run(scene) {
    const { stack, scale, say } = scene;
    const alone = await runHealthy(scene);
    const poisoned = await stack.createProject();
    const entries = entriesOf("poisoned", 1_001);
    const broken = [...entries.slice(0, 1_000), POISON];
    const dead: string[] = [];
    for (let count = 0; count < POISONED[scale]; count++) dead.push(await queueImport(stack, poisoned, broken));
    const [beside, relayed] = await Promise.all([runHealthy(scene), createIntent(scene).then(({ post }) => post())]);
    expectAccepted(relayed);
    const [longestAloneMs, longestMs] = [Math.max(...alone), Math.max(...beside)];
    assert(
      longestMs < MAX_GROWTH * longestAloneMs + GRACE_MS,
      `a job beside poisoned ones took ${inMs(longestMs)}, ${inMs(longestAloneMs)} without them`,
    );
    say(
      `${PROJECTS[scale]} jobs of ${inDigits(ENTRIES[scale])} entries took ${inMs(longestAloneMs)} by themselves, ` +
        `${inMs(longestMs)} beside ${POISONED[scale]} poisoned ones of another project`,
    );

    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      await untilTried(scene, dead, attempt);
      await endWaits(stack);
      await stack.worker().runScheduled();
    }
    for (const { state, done } of await untilJobsEnded(stack, dead)) assert.deepEqual([state, done], ["dead", 1_000]);
    const told = stack.log.filter((line) => line.includes('"event":"job.dead"')).length;
    assert.equal(told, POISONED[scale], "dead letters that the log tells of");
    const openAlerts = "select subject from alerts where kind = 'job.dead' and resolved_at is null";
    await until("an alert of the dead letters", async () => {
      await stack.worker().runScheduled();
      return (await stack.database.query(openAlerts)).rowCount === 1 ? true : undefined;
    });

    const [mended = "", ...others] = dead;
    await stack.database.query(
      `update jobs set input = jsonb_set(input, '{entries,1000}', $2), state = 'queued', attempts = 0, next_run_at = now(),
        ended_at = null where id = $1`,
      [mended, JSON.stringify(entries[1_000])],
    );
    await stack.worker().runScheduled();
    const [{ state, result } = { state: "", result: null }] = await untilJobsEnded(stack, [mended]);
    // The first of the poisoned jobs to be done has written the thousand, the others found them written.
    assert.equal(state, "succeeded");
    assert.equal(Number(result?.["changed"]), 0);
    assert((await readJobs(stack, others)).every((job) => job.state === "dead"));
    say(`each was tried ${ATTEMPTS} times and is a dead letter; one was mended, and went on where it had stopped`);
  },
};
