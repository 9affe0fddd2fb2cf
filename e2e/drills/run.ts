import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@gasless/db/migrate";
import { createDatabase } from "@gasless/localnet/postgres/databases";
import { startPostgres } from "@gasless/localnet/postgres/server";
import { TEMPLATE } from "@gasless/localnet/testing/stack";
import { build } from "../../tools/build.ts";
import { doubleSpend } from "./01-double-spend.ts";
import { oneLimitFull } from "./02-one-limit-full.ts";
import { oneKey } from "./03-one-key.ts";
import { crash } from "./04-crash.ts";
import { simulation } from "./05-simulation.ts";
import { lostAnswer } from "./06-lost-answer.ts";
import { nodeRefuses } from "./07-node-refuses.ts";
import { slowNode } from "./08-slow-node.ts";
import { nodeLies } from "./09-node-lies.ts";
import { redisDown } from "./10-redis-down.ts";
import { databaseDown } from "./11-database-down.ts";
import { killedUnderLoad } from "./12-killed-under-load.ts";
import { clockSkew } from "./13-clock-skew.ts";
import { sponsorRotation } from "./17-sponsor-rotation.ts";
import { tokenKeys } from "./18-token-keys.ts";
import { authReplay } from "./19-auth-replay.ts";
import { refreshReuse } from "./20-refresh-reuse.ts";
import { poisonJob } from "./23-poison-job.ts";
import { jobsTwice } from "./24-jobs-twice.ts";
import { sponsorDrained } from "./26-sponsor-drained.ts";
import { unlanded } from "./27-unlanded.ts";
import { poisonedConfig } from "./31-poisoned-config.ts";
import { noisyNeighbour } from "./33-noisy-neighbour.ts";
import { auditLog } from "./34-audit-log.ts";
import { logCanaries } from "./35-log-canaries.ts";
import { type Drill, runDrill } from "./drill.ts";

const DRILLS: readonly Drill[] = [
  doubleSpend,
  oneLimitFull,
  oneKey,
  crash,
  simulation,
  lostAnswer,
  nodeRefuses,
  slowNode,
  nodeLies,
  redisDown,
  databaseDown,
  killedUnderLoad,
  clockSkew,
  sponsorRotation,
  tokenKeys,
  authReplay,
  refreshReuse,
  poisonJob,
  jobsTwice,
  sponsorDrained,
  unlanded,
  poisonedConfig,
  noisyNeighbour,
  auditLog,
  logCanaries,
];

const USAGE = `usage: npm run drills -- <number…|all> [--short]
${DRILLS.map(({ number, title }) => `  ${String(number).padStart(2)}  ${title}`).join("\n")}
`;

/** Those that the arguments name, in order; undefined when one of them is none. */
function choose(names: readonly string[]): readonly Drill[] | undefined {
  if (names.includes("all")) return DRILLS;
  const chosen = DRILLS.filter(({ number }) => names.includes(String(number)));
  return names.length > 0 && chosen.length === new Set(names).size ? chosen : undefined;
}

async function runAll(drills: readonly Drill[], scale: "full" | "short"): Promise<number> {
  build();
  const dataFolder = mkdtempSync(join(tmpdir(), "gasless-drills-"));
  let postgres = await startPostgres({ dataFolder });
  const { url, port } = postgres;
  let broken = 0;
  try {
    await migrateDatabase(await createDatabase(url, TEMPLATE));
    for (const drill of drills) {
      console.log(`\n${drill.number}. ${drill.title}`);
      const say = (line: string): void => console.log(`   ${line}`);
      const crashDatabase = async (whileDown: () => Promise<void>): Promise<void> => {
        // PostgreSQL's immediate stop: nothing is written, the next start recovers from its log.
        process.kill(postgres.pid, "SIGQUIT");
        await whileDown();
        await postgres.stop();
        postgres = await startPostgres({ dataFolder, port });
      };
      try {
        await runDrill(drill, { postgresUrl: url, scale, say, crashDatabase });
      } catch (error) {
        broken += 1;
        say(`BROKEN: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await postgres.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
  console.log(`\n${drills.length - broken} of ${drills.length} drills hold what they promise.`);
  return broken === 0 ? 0 : 1;
}

const words = process.argv.slice(2);
const drills = choose(words.filter((word) => word !== "--short"));
if (!drills) process.stderr.write(USAGE);
process.exitCode = drills ? await runAll(drills, words.includes("--short") ? "short" : "full") : 2;
