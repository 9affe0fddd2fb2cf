import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Drill } from "./drill.ts";
import { inDigits, inSeconds, timed } from "./support.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SEEDS = { full: 20_000, short: 2_000 } as const;
/** What the simulation is given at first; from how far it came, how much it needs is known. */
const FIRST_SECONDS = 30;
const MARGIN = 1.3;
const MOST_LINES = 20;

/** What broke, without the thousands of steps that led there: the seed shows them again. */
function summarize(output: string): string {
  const telling = /GASLESS_FUZZ_SEED=|BROKEN: |Error: |✗|×|No test files/;
  return output
    .split("\n")
    .filter((line) => telling.test(line))
    .slice(0, MOST_LINES)
    .join("\n");
}

/** Runs the simulation of the relays' state machine for so long. Gives how many seeds it lived. @throws AssertionError when one is broken */
async function simulate(seconds: number): Promise<number> {
  const args = ["run", "--project", "worker", "--maxWorkers", "1", "bff/test/simulation"];
  const env = { ...process.env, GASLESS_FUZZ_SECONDS: String(seconds), NO_COLOR: "1" };
  const child = spawn(join(ROOT, "node_modules/.bin/vitest"), args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, `the simulation failed:\n${summarize(output)}`);
  const [, seeds] = /: (\d+) seeds in/.exec(output) ?? [];
  assert(seeds, "the simulation does not say how many seeds it lived");
  return Number(seeds);
}

export const simulation: Drill = {
  number: 5,
  title: "whatever dies, lies, fails or is late, the state machine of relays keeps its promises",
  async run({ scale, say }) {
    const { value: seeds, tookMs } = await timed(async () => {
      const few = await simulate(FIRST_SECONDS);
      return few >= SEEDS[scale] ? few : simulate(Math.ceil((FIRST_SECONDS * MARGIN * SEEDS[scale]) / few));
    });
    say(`${inDigits(seeds)} seeds, none broken, in ${inSeconds(tookMs)}; seven naive orders were found out`);
    assert(seeds >= SEEDS[scale], "fewer seeds than promised");
  },
};
