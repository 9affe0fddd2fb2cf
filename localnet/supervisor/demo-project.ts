import { algorandDemoLimits, algorandDemoPolicy, createProject, demoPolicy, seedId } from "@gasless/db/factories";
import { Client } from "pg";
import type { LocalSecrets } from "../secrets.ts";

export const NETWORK = "solana:localnet";
export const ALGORAND_NETWORK = "algorand:localnet";

const NAME = "Gasless Demo";
/** The `aud` of its access tokens. */
export const DEMO_PROJECT_ID = seedId("prj", NAME);

export interface DemoSeed {
  readonly origins: readonly string[];
  readonly secrets: Pick<LocalSecrets, "publishableKey" | "sponsorAddress" | "algorandSponsor">;
}

/**
 * Makes the demo project; its origins are this stack's.
 * @throws Error when the database's demo project pays with a sponsor whose key is not in this data folder
 */
export async function seedDemoProject(databaseUrl: string, { origins, secrets }: DemoSeed): Promise<void> {
  const networks = [
    { network: NETWORK, sponsorAddress: secrets.sponsorAddress, policy: demoPolicy },
    {
      network: ALGORAND_NETWORK,
      sponsorAddress: secrets.algorandSponsor.address,
      policy: algorandDemoPolicy(),
      limits: algorandDemoLimits,
    },
  ];
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    for (const { network, sponsorAddress } of networks) await assertOwnSponsor(client, network, sponsorAddress);
    // Ports change from run to run: what listens on an old one by now is somebody else. Other origins were added by hand.
    await client.query(
      `delete from project_origins where project_id = $1 and origin <> all ($2)
        and origin ~ '^http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:[0-9]+)?$'`,
      [DEMO_PROJECT_ID, origins],
    );
    for (const each of networks) {
      await createProject(client, { name: NAME, publishableKey: secrets.publishableKey, origins, ...each });
      await publishDemoPolicy(client, each.network, each.policy);
    }
  } finally {
    await client.end();
  }
}

/** A database from before the demo's newest policy gets it as a new version, unless somebody has published one of their own. */
async function publishDemoPolicy(client: Client, network: string, policy: object): Promise<void> {
  await client.query(
    `select publish_policy(n.project_id, n.network, $3, n.policy_version) from project_networks n
      join policies p on p.project_id = n.project_id and p.network = n.network and p.version = n.policy_version
      where n.project_id = $1 and n.network = $2 and n.policy_version = 1 and p.document <> $3::jsonb`,
    [DEMO_PROJECT_ID, network, JSON.stringify(policy)],
  );
}

async function assertOwnSponsor(client: Client, network: string, sponsorAddress: string): Promise<void> {
  const { rows } = await client.query<{ readonly address: string }>(
    `select s.address from project_sponsors m join sponsors s on s.id = m.sponsor_id
      where m.project_id = $1 and m.network = $2 and m.removed_at is null`,
    [DEMO_PROJECT_ID, network],
  );
  if (rows.length === 0 || rows.some(({ address }) => address === sponsorAddress)) return;
  throw new Error(
    "this database was filled from another data folder: its demo project has a sponsor whose key is not in this " +
      "one. Set GASLESS_DATA to that folder, or use an empty database.",
  );
}
