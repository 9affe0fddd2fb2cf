import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { workerBindings } from "@gasless/localnet/bindings";
import { Client } from "pg";
import type { Drill, Scene } from "./drill.ts";
import { NO_RATE_LIMITS } from "./intents.ts";
import { inDigits } from "./support.ts";

const ENTRIES = { full: 5_000, short: 60 } as const;
const FLIPS = { full: 60, short: 4 } as const;
const COMMAND = "bff/src/entry/operator/audit.ts";

/** `npm run audit:verify` of one chain, as an operator runs it: a process of its own, with the deployment's variables. */
function verify({ stack }: Scene, chain: string): Promise<{ code: number; told: string }> {
  const { api, rpc, redis, solana, secrets, database } = stack;
  const variables = workerBindings(
    { api, solanaRpc: rpc.url, genesisHash: solana.genesisHash, redis: redis.url },
    secrets,
  );
  const env = { ...variables, PATH: process.env["PATH"], DATABASE_URL: database.options.connectionString };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, "verify", chain], { env }, (error, out, said) =>
      resolve({ code: error ? Number(error.code) : 0, told: out + said }),
    );
  });
}

interface Victim {
  readonly id: string;
  readonly column: "entry" | "hash";
  readonly at: number;
}

/** The owner of the database, whom no trigger stops, changes one bit; the same again puts it back. */
async function flip(owner: Client, { id, column, at }: Victim): Promise<void> {
  const flipped = (bytes: string) => `set_byte(${bytes}, $2, get_byte(${bytes}, $2) # 1)`;
  const value = column === "hash" ? flipped("hash") : `convert_from(${flipped("convert_to(entry, 'UTF8')")}, 'UTF8')`;
  await owner.query("set session_replication_role = replica");
  const { rowCount } = await owner.query(`update audit_entries set ${column} = ${value} where id = $1`, [id, at]);
  assert.equal(rowCount, 1);
}

export const auditLog: Drill = {
  number: 34,
  title: "one flipped bit anywhere in the audit log is named with its entry, and nothing else is",
  async run(scene) {
    const { stack, scale, say } = scene;
    const { projectId } = await stack.createProject(NO_RATE_LIMITS);
    await stack.database.query(
      `insert into project_origins (project_id, origin)
        select $1, 'https://shop-' || i || '.example' from generate_series(1, $2) i`,
      [projectId, ENTRIES[scale]],
    );
    await stack.worker().runScheduled();
    const whole = await verify(scene, projectId);
    assert.equal(whole.code, 0, whole.told);
    const owner = new Client({ connectionString: stack.database.options.connectionString });
    await owner.connect();
    try {
      const { rows } = await owner.query<Victim>(
        `select id, c as column, floor(random() * case c when 'hash' then 32 else length(entry) end)::integer as at
          from (select id, entry, (array['entry', 'hash'])[1 + (random() < 0.5)::integer] as c
            from audit_entries where chain = $1 and hash is not null) e order by random() limit $2`,
        [projectId, FLIPS[scale]],
      );
      assert.equal(rows.length, FLIPS[scale]);
      for (const victim of rows) {
        await flip(owner, victim);
        const { code, told } = await verify(scene, projectId);
        const named = told.match(/aud_[0-9a-f]+/g) ?? [];
        assert.deepEqual([code, new Set(named)], [1, new Set([victim.id])], JSON.stringify({ victim, told }));
        await flip(owner, victim);
      }
    } finally {
      await owner.end();
    }
    const again = await verify(scene, projectId);
    assert.deepEqual(again, whole, "what was put back is not as it was sealed");
    say(`${inDigits(FLIPS[scale])} bits in a log of ${inDigits(ENTRIES[scale])} entries: each named, each alone`);
  },
};
