import { workerBindings } from "@gasless/localnet/bindings";
import type { Stack } from "@gasless/localnet/testing/stack";
import { startWorker } from "@gasless/localnet/worker";

const HOLD_SECRETS = ["NETWORKS", "SECRETS", "TOKEN_KEYS", "SPONSOR_KEYS", "UPSTASH_REDIS_REST_TOKEN", "METRICS_TOKEN"];

/** As somebody's hand slips: cut off, the first secret in it spoilt, and names where their values belong. */
function spoil(value: string): readonly string[] {
  const spoilt = [value.slice(0, -1), value.replace(/[A-Za-z0-9+/_-]{20,}/, "$&!")];
  if (!value.startsWith("{")) return spoilt;
  const entries = Object.entries(JSON.parse(value) as Readonly<Record<string, unknown>>);
  return [...spoilt, JSON.stringify(Object.fromEntries(entries.map(([name, held]) => [String(held), name])))];
}

/** What workers print and answer that were started with one variable wrong, each another one. */
export async function startMisconfigured({ api, secrets, solana, redis, rpc, database }: Stack): Promise<string> {
  const { genesisHash } = solana;
  const addresses = { api, solanaRpc: `${rpc.url}/${secrets.metricsToken}`, genesisHash, redis: redis.url };
  const bindings = workerBindings(addresses, secrets);
  const said: string[] = [];
  for (const name of HOLD_SECRETS) {
    for (const value of spoil(bindings[name] ?? "")) {
      const worker = await startWorker({
        scriptPath: "bff/dist/worker.js",
        assetsFolder: "bff/dist/assets",
        bindings: { ...bindings, [name]: value },
        databaseUrl: String(database.options.connectionString),
        durableObjects: { SWEEP_CLOCK: "SweepClock", METRICS_SINK: "MetricsSink" },
        onLog: ({ message }) => void said.push(message),
      });
      const answer = await fetch(`${worker.url}/live`);
      said.push(`${answer.status} ${await answer.text()}`);
      await worker.stop();
    }
  }
  return said.join("\n");
}
