import { createProject, seedId } from "@gasless/db/factories";
import { Client } from "pg";
import type { LocalSecrets } from "../secrets.ts";

export const NETWORK = "solana:localnet";

const NAME = "Gasless Demo";

export interface DemoSeed {
  readonly origins: readonly string[];
  readonly secrets: Pick<LocalSecrets, "publishableKey" | "sponsorAddress">;
}

/**
 * Makes the demo project; its origins are this stack's.
 * @throws Error when the database's demo project pays with a sponsor whose key is not in this data folder
 */
export async function seedDemoProject(databaseUrl: string, { origins, secrets }: DemoSeed): Promise<void> {
  const { publishableKey, sponsorAddress } = secrets;
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await assertOwnSponsor(client, sponsorAddress);
    // Ports change from run to run: what listens on an old one by now is somebody else.
    await client.query("delete from project_origins where project_id = $1 and origin <> all ($2)", [
      seedId("prj", NAME),
      origins,
    ]);
    await createProject(client, { name: NAME, publishableKey, origins, network: NETWORK, sponsorAddress });
  } finally {
    await client.end();
  }
}

async function assertOwnSponsor(client: Client, sponsorAddress: string): Promise<void> {
  const { rows } = await client.query<{ readonly address: string }>(
    `select s.address from project_networks n join sponsors s on s.id = n.sponsor_id
      where n.project_id = $1 and n.network = $2`,
    [seedId("prj", NAME), NETWORK],
  );
  if (rows[0] === undefined || rows[0].address === sponsorAddress) return;
  throw new Error(
    "this database was filled from another data folder: its demo project has a sponsor whose key is not in this " +
      "one. Set GASLESS_DATA to that folder, or use an empty database.",
  );
}
