import type { AlgorandDemo } from "../demo/server.ts";
import { startAlgorandLocalnet } from "../algorand/server.ts";
import { openStampFaucet } from "../demo/stamp-faucet.ts";
import type { LocalSecrets } from "../secrets.ts";
import { startBridge } from "../walletconnect/bridge.ts";
import type { Cleanup } from "./cleanup.ts";
import { ALGORAND_NETWORK } from "./demo-project.ts";
import { localUrl, type PortPlan } from "./port-plan.ts";

/** Everything of Algorand on this machine: a node with a sponsor that has money, a bridge for Pera, a demo asset. */
export interface AlgorandPart {
  readonly algodUrl: string;
  /** Base64. */
  readonly genesisHash: string;
  readonly sponsor: LocalSecrets["algorandSponsor"];
  /** For the demo's pages. */
  readonly demo: AlgorandDemo;
}

export interface AlgorandPartOptions {
  readonly host: string;
  readonly ports: Pick<PortPlan, "algod" | "walletBridge">;
  readonly snapshotFile: string;
  readonly sponsor: LocalSecrets["algorandSponsor"];
}

const ALGO = 1_000_000n;
const LOW_MICROALGOS = 100n * ALGO;
const FULL_MICROALGOS = 1_000n * ALGO;

export async function openAlgorand(options: AlgorandPartOptions, cleanup: Cleanup): Promise<AlgorandPart> {
  const { host, ports, snapshotFile, sponsor } = options;
  const { chain, genesisHash, close } = await startAlgorandLocalnet({ host, port: ports.algod, snapshotFile });
  cleanup.add("the Algorand localnet", close);
  const bridge = await startBridge({ host, port: ports.walletBridge });
  cleanup.add("the WalletConnect bridge", () => bridge.close());

  const balance = chain.balanceOf(sponsor.address);
  if (balance < LOW_MICROALGOS) chain.fund(sponsor.address, FULL_MICROALGOS - balance);
  const algodUrl = localUrl(host, ports.algod);
  const bridgeUrl = localUrl(host, ports.walletBridge);
  return {
    algodUrl,
    genesisHash,
    sponsor,
    demo: { network: ALGORAND_NETWORK, algodUrl, bridgeUrl, faucet: openStampFaucet(chain) },
  };
}
