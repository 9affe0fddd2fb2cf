import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findTree } from "./memory.ts";
import { ROOT } from "./settings.ts";

/** A stack that a test started the way a person does. */
export interface Launched {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Waits until standard output has `text`; fails when the process ends before. */
  waitFor(text: string): Promise<void>;
  /** The process and everything below it at this moment. */
  tree(): readonly number[];
  /** Sends a signal and gives the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** The exit code, once it ends by itself. */
  ended(): Promise<number | null>;
}

const POLL_MS = 20;
const GONE_POLLS = 250;

/** `npm start --silent -- …args`, with free ports unless `env` says otherwise. */
export function launch(env: Readonly<Record<string, string>>, args: readonly string[] = []): Launched {
  const child = spawn("npm", ["start", "--silent", "--", ...args], {
    cwd: ROOT,
    env: { ...process.env, PORT: "0", DATABASE_URL: "", REDIS_URL: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text.err += chunk));
  const closed = once(child, "close") as Promise<[number | null]>;
  const ended = async () => (await closed)[0];
  return {
    child,
    stdout: () => text.out,
    stderr: () => text.err,
    async waitFor(wanted) {
      while (!text.out.includes(wanted)) {
        const next = await Promise.race([once(child.stdout, "data"), closed.then(() => "closed" as const)]);
        if (next === "closed" && !text.out.includes(wanted)) throw new Error(`it ended:\n${text.out}\n${text.err}`);
      }
    },
    tree: () => findTree(child.pid ?? 0),
    end(signal) {
      child.kill(signal);
      return ended();
    },
    ended,
  };
}

/** The processes among `pids` that are still there after a moment's grace. */
export async function findSurvivors(pids: readonly number[]): Promise<readonly number[]> {
  // A dead process that nobody has collected has no working directory any more.
  const alive = () => pids.filter((pid) => existsSync(`/proc/${pid}/cwd`));
  for (let poll = 0; poll < GONE_POLLS && alive().length > 0; poll += 1) await sleep(POLL_MS);
  return alive();
}
