import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Algodv2 } from "algosdk";
import { afterAll, expect, test } from "vitest";
import { createSecrets } from "../secrets.ts";
import { type AlgorandPart, openAlgorand } from "./algorand.ts";
import { createCleanup } from "./cleanup.ts";
import { planPorts } from "./port-plan.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-algorand-part-test-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An account, by the client that dapps use. */
function readAccount(algodUrl: string, address: string) {
  const { port } = new URL(algodUrl);
  return new Algodv2("", "http://127.0.0.1", port).accountInformation(address).do();
}

const { algorandSponsor: sponsor } = await createSecrets();

async function use(look: (part: AlgorandPart) => Promise<void>): Promise<void> {
  const cleanup = createCleanup(() => undefined);
  try {
    const host = "127.0.0.1";
    const snapshotFile = join(folder, "algorand.json");
    await look(await openAlgorand({ host, ports: await planPorts(host, 0), snapshotFile, sponsor }, cleanup));
  } finally {
    await cleanup.run();
  }
}

test("the sponsor has money, the bridge answers, and a restart continues the chain with its one demo asset", async () => {
  let first: AlgorandPart | undefined;
  await use(async (part) => {
    first = part;
    expect((await readAccount(part.algodUrl, sponsor.address)).amount).toBe(1_000_000_000n);
    expect((await fetch(`${part.demo.bridgeUrl}/hello`)).status).toBe(200);
  });
  await use(async (part) => {
    expect(part.genesisHash).toBe(first?.genesisHash);
    expect(part.demo.faucet.assetId).toBe(first?.demo.faucet.assetId);
    expect((await readAccount(part.algodUrl, sponsor.address)).amount).toBe(1_000_000_000n);
    const counter = await readAccount(part.algodUrl, part.demo.faucet.counter);
    expect(counter.createdAssets).toHaveLength(1);
  });
});
