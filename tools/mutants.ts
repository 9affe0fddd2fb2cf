import { type ChildProcess, fork } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ALLOWED_MUTANTS } from "./mutants/allowed.ts";
import { apply, findMutants, type Mutant } from "./mutants/find-mutants.ts";
import type { Message, Order } from "./mutants/worker.ts";

/**
 * Changes the rules that guard the sponsor, one small thing at a time, and runs the domain's tests: a change that no
 * test notices is a rule that nothing proves. `npm run mutants -- [--sample N] [--seed S] [--file part-of-a-path]`
 */
const ROOT = join(import.meta.dirname, "..");
const SOURCES = ["bff/src/domain/policy/**/*.ts", "bff/src/domain/simulation.ts"];
/** Tables are data, which the matrix and the official clients' encodings are held against. */
const TABLES =
  /programs\/(address-lookup-table|associated-token|compute-budget|lighthouse|memo|system|token|token-2022)\.ts$/;
/** Advice to who writes a policy: nothing is sponsored or refused by it. */
const ADVICE = /policy\/(lints\/|lint\.ts$|diff\.ts$)/;
const TESTS = /\.test(-support)?\.ts$/;
const WORKERS = 2;
const LEAST_KILLED_PERCENT = 95;
/** Longer than every test together takes on a slow machine: a mutant that needs more does not end by itself. */
const MUTANT_TIMEOUT_MS = 90_000;
const PROGRESS_EVERY = 50;
/** Of each worker: that often it is asked about a file that nobody has changed. */
const MUTANTS_PER_CHECK = 100;

type Verdict = "killed" | "survived" | "timeout";
interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

const { values } = parseArgs({
  options: { sample: { type: "string" }, seed: { type: "string", default: "1" }, file: { type: "string" } },
});

/** Each source as it is at the start: who edits it meanwhile changes nothing here. */
function readSources(): ReadonlyMap<string, string> {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((file) => !TESTS.test(file) && !TABLES.test(file) && !ADVICE.test(file) && file.includes(values.file ?? ""))
    .toSorted();
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}

/** So many of them, the same ones for the same seed. Source: mulberry32 (public domain). */
function sample(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return mutants
    .map((mutant) => [next(), mutant] as const)
    .toSorted(([left], [right]) => left - right)
    .slice(0, count)
    .map(([, mutant]) => mutant);
}

const isAllowed = ({ file, before, after }: Mutant): boolean =>
  ALLOWED_MUTANTS.some((one) => one.file === file && one.before === before && one.after === after);

function startWorker(): ChildProcess {
  return fork(join(import.meta.dirname, "mutants/worker.ts"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** The next thing that a worker says; undefined when it says nothing for too long, or is gone. */
function hear(worker: ChildProcess, timeoutMs: number): Promise<Message | undefined> {
  const { promise, resolve } = Promise.withResolvers<Message | undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  const onExit = (): void => resolve(undefined);
  worker.once("message", resolve).once("exit", onExit);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off("message", resolve).off("exit", onExit);
  });
}

/** @throws Error when the tests fail without any change. */
async function readyWorker(): Promise<ChildProcess> {
  const worker = startWorker();
  const message = await hear(worker, 10 * MUTANT_TIMEOUT_MS);
  if (message?.kind === "ready") {
    const { tests, leftOut } = message;
    console.error(`${tests} tests, of which ${leftOut.length} need vitest itself and are left out`);
    return worker;
  }
  worker.kill("SIGKILL");
  const failing = message?.kind === "unfit" ? message.failing.join("\n  ") : "the worker did not start";
  throw new Error(`Nothing is known of mutants while tests fail without any:\n  ${failing}`);
}

/** @throws Error when a test "notices" that nothing has changed: then no verdict can be trusted. */
async function assertFit(worker: ChildProcess, file: string): Promise<void> {
  worker.send({ file, code: sources.get(file) ?? "" } satisfies Order);
  const message = await hear(worker, MUTANT_TIMEOUT_MS);
  if (message?.kind === "verdict" && message.killer === undefined) return;
  const killer = message?.kind === "verdict" ? message.killer : "the worker is silent";
  throw new Error(`${file} is as it was, and a test fails all the same: ${killer}`);
}

/** Takes mutants until none is left; a worker that hangs is ended and replaced. */
async function work(remaining: Iterator<Mutant>, judged: Judged[], total: number): Promise<void> {
  let worker = await readyWorker();
  let count = 0;
  let file = "";
  for (let next = remaining.next(); next.done !== true; next = remaining.next()) {
    ({ file } = next.value);
    worker.send({ file, code: apply(sources.get(file) ?? "", next.value) } satisfies Order);
    const message = await hear(worker, MUTANT_TIMEOUT_MS);
    const verdict = message?.kind === "verdict" ? (message.killer === undefined ? "survived" : "killed") : "timeout";
    judged.push({ mutant: next.value, verdict });
    if (judged.length % PROGRESS_EVERY === 0) console.error(`${judged.length} of ${total}`);
    if (verdict === "timeout") {
      worker.kill("SIGKILL");
      worker = await readyWorker();
    }
    count += 1;
    if (count % MUTANTS_PER_CHECK === 0) await assertFit(worker, file);
  }
  if (count > 0) await assertFit(worker, file);
  worker.kill();
}

function report(judged: readonly Judged[]): number {
  const byFile = Map.groupBy(judged, ({ mutant }) => mutant.file);
  const count = (some: readonly Judged[], verdict: Verdict): number =>
    some.filter((one) => one.verdict === verdict).length;
  for (const [file, some] of [...byFile].toSorted(([left], [right]) => left.localeCompare(right))) {
    const [killed, survived, timeouts] = (["killed", "survived", "timeout"] as const).map((one) => count(some, one));
    console.log(`${file}: ${killed} killed, ${survived} survived, ${timeouts} timed out`);
  }
  const survivors = judged.filter(({ verdict }) => verdict === "survived").map(({ mutant }) => mutant);
  const open = survivors.filter((mutant) => !isAllowed(mutant));
  for (const { file, line, before, after } of open)
    console.log(`survived ${file}:${line}\n  - ${before}\n  + ${after}`);
  const counted = judged.length - (survivors.length - open.length);
  const percent = counted === 0 ? 0 : (100 * (counted - open.length)) / counted;
  console.log(
    `${judged.length} mutants: ${percent.toFixed(1)} % killed, ${open.length} survived, ${survivors.length - open.length} are allowed to`,
  );
  return percent;
}

const sources = readSources();
const all = [...sources].flatMap(([file, source]) => findMutants(file, source));
const chosen = values.sample === undefined ? all : sample(all, Number(values.sample), Number(values.seed));
const isWhole = values.sample === undefined && values.file === undefined;
const stale = ALLOWED_MUTANTS.filter(
  (one) => !all.some(({ file, before, after }) => one.file === file && one.before === before && one.after === after),
);
const judged: Judged[] = [];
const remaining = chosen.values();
await Promise.all(Array.from({ length: WORKERS }, () => work(remaining, judged, chosen.length)));
const percent = report(judged);
for (const { file, before } of isWhole ? stale : [])
  console.log(`allowed, but there is no such mutant: ${file}: ${before}`);
process.exitCode = percent >= LEAST_KILLED_PERCENT && (stale.length === 0 || !isWhole) ? 0 : 1;
