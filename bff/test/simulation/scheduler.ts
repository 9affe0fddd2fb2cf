import type { CallPoint } from "./call-points.ts";
import type { Random } from "./random.ts";

/** One isolate at work for one request or one sweep. What a dead one was told, or was going to do, nobody does. */
export interface Process {
  readonly name: string;
  readonly clockSkewMs: number;
  isAlive: boolean;
  /** Calls until it dies, before or after the last one's effect. */
  callsLeft: number;
  readonly onDeath: () => void;
}

interface Event {
  readonly atMs: number;
  readonly isRecurring: boolean;
  /** True when a process was given an answer and so has something to run. */
  readonly act: () => boolean | void;
}

export interface Conditions {
  readonly startMs: number;
  /** Of calls that fail, from 0 to 1. */
  readonly faultRate: number;
  /** Of processes that die. */
  readonly crashRate: number;
  /** From then on no call fails and no process dies; providers go on lying. */
  readonly healsAtMs: number;
}

/** Whoever reads the log of one seed; absent while thousands are run. */
export type Recorder = ((line: () => string) => void) | undefined;

export type Scheduler = ReturnType<typeof createScheduler>;

const CALLS_OF_A_LIFE = 12;
const LATE_MS = 30_000;
const LONGEST_PAUSE_MS = 45_000;

/**
 * Time and turn for everybody: events run in the order of a virtual clock, and between two of them every process runs
 * as far as its answers let it. Which call is answered when, fails, or is a process's last, the seed decides.
 */
export function createScheduler(random: Random, conditions: Conditions, count: (what: string) => void, log: Recorder) {
  /** The next one last. */
  const events: Event[] = [];
  let nowMs = conditions.startMs;
  let once = 0;

  function at(delayMs: number, act: Event["act"], isRecurring = false): void {
    const event = { atMs: nowMs + delayMs, isRecurring, act };
    let index = events.length;
    // Behind those of the same moment, which came first.
    while (index > 0 && (events[index - 1]?.atMs ?? 0) <= event.atMs) index--;
    events.splice(index, 0, event);
    if (!isRecurring) once++;
  }

  function record(who: string, what: string): void {
    const time = nowMs - conditions.startMs;
    log?.(() => `+${time} ms  ${who}: ${what}`);
  }

  function latencyMs(): number {
    const kind = random.below(100);
    if (kind < 50) return random.below(4);
    if (kind < 88) return 5 + random.below(60);
    return kind < 97 ? 100 + random.below(1_400) : 1_500 + random.below(1_300);
  }

  function spawn(name: string, onDeath: () => void = () => undefined): Process {
    const isDoomed = nowMs < conditions.healsAtMs && random.chance(conditions.crashRate);
    const clockSkewMs = random.chance(0.1) ? random.below(720_000) - 360_000 : 0;
    const callsLeft = isDoomed ? 1 + random.below(CALLS_OF_A_LIFE) : Infinity;
    return { name, clockSkewMs, isAlive: true, callsLeft, onDeath };
  }

  function kill(process: Process, point: CallPoint, when: "before" | "after"): void {
    count(`crash ${when} ${point.name}`);
    record(process.name, `dies ${when} ${point.name} takes effect`);
    process.isAlive = false;
    process.onDeath();
  }

  /** Whether a call's effect takes place and its answer comes back; `late`: after its caller has given up. */
  function chooseFault(point: CallPoint): "none" | "refused" | "lost" | "late" {
    const isFaulty = nowMs < conditions.healsAtMs && random.chance(conditions.faultRate);
    return isFaulty && point.faults.length > 0 ? random.pick(point.faults) : "none";
  }

  /** Runs `effect` at some later moment, at once and undisturbed; the answer comes later still, if it comes. */
  function call<Value>(process: Process, point: CallPoint, effect: () => Value): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    if (!process.isAlive) return promise;
    count(point.name);
    if (--process.callsLeft === 0) {
      if (random.chance(0.5)) kill(process, point, "before");
      else {
        at(latencyMs(), () => {
          runEffect(process, point, effect);
          kill(process, point, "after");
        });
      }
      return promise;
    }

    const fault = chooseFault(point);
    if (fault !== "none") {
      count(`${point.name} ${fault}`);
      const isQuick = fault === "refused";
      if (!isQuick) {
        const effectMs = fault === "late" ? point.deadlineMs + random.below(LATE_MS) : random.below(point.deadlineMs);
        at(effectMs, () => void runEffect(process, point, effect));
      }
      at(isQuick ? latencyMs() : point.deadlineMs, () => {
        record(process.name, `${point.name} fails (${fault})`);
        if (process.isAlive) reject(point.error());
        return process.isAlive;
      });
      return promise;
    }

    at(latencyMs(), () => {
      // What was on its way when its process died may or may not arrive.
      if (!process.isAlive && random.chance(0.5)) return false;
      const outcome = runEffect(process, point, effect);
      const answer = (): boolean => {
        if (!process.isAlive) return false;
        if (outcome.ok) resolve(outcome.value);
        else reject(outcome.error);
        return true;
      };
      if (point.isQuiet || random.chance(0.5)) return answer();
      const isPaused = random.chance(conditions.faultRate / 4) && nowMs < conditions.healsAtMs;
      if (isPaused) count("a process is paused");
      at(isPaused ? random.below(LONGEST_PAUSE_MS) : latencyMs(), answer);
      return false;
    });
    return promise;
  }

  function runEffect<Value>(process: Process, point: CallPoint, effect: () => Value) {
    try {
      const value = effect();
      log?.(() => `+${nowMs - conditions.startMs} ms  ${process.name}: ${point.name} → ${show(value)}`);
      return { ok: true as const, value };
    } catch (error) {
      record(process.name, `${point.name} refuses: ${String(error)}`);
      return { ok: false as const, error };
    }
  }

  /** Until only what recurs is left and `isOver` says so, or the time is up. */
  function run(untilMs: number, isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = (): void => {
        try {
          for (;;) {
            const event = once === 0 && isOver() ? undefined : events.pop();
            if (!event || event.atMs > untilMs) return resolve();
            nowMs = event.atMs;
            if (!event.isRecurring) once--;
            // Ticks come after every microtask: when each process waits for an answer again.
            if (event.act() === true) return queueMicrotask(() => process.nextTick(proceed));
          }
        } catch (error) {
          return reject(error);
        }
      };
      queueMicrotask(() => process.nextTick(proceed));
    });
  }

  return { nowMs: () => nowMs, at, spawn, call, run, record };
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === "bigint") return member.toString();
    if (member instanceof Set) return [...member] as unknown[];
    if (member instanceof Map) return Object.fromEntries(member) as unknown;
    return member instanceof Uint8Array ? `${member.length} bytes` : member;
  });
  return (text ?? "done").slice(0, 300);
}
