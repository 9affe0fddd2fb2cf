import { base58 } from "@scure/base";
import { familyOf, type NetworkFamily, type NetworkName } from "../../domain/network.ts";
import type { ChainPort } from "../../ports.ts";
import type { RpcPoolOptions } from "./rpc/rpc-pool.ts";
import { encodeAddress, publicKeyOf as algorandKeyOf } from "./algorand/address.ts";
import { createAlgorandChain } from "./algorand/chain.ts";
import { createSolanaChain, publicKeyOf as solanaKeyOf } from "./solana/chain.ts";

/** What every network is made of, whatever its family. */
export type ChainOptions = Omit<RpcPoolOptions, "post" | "maxLagSlots" | "fastestSlotMs"> & {
  readonly network: NetworkName;
};

/** What a family is to this version. */
interface ChainFamily {
  readonly createChain: (options: ChainOptions) => ChainPort;
  /** The Ed25519 key of an address, or undefined when it is none of the family's. */
  readonly publicKeyOf: (address: string) => Uint8Array | undefined;
  readonly addressOf: (publicKey: Uint8Array) => string;
  /** Where a page reaches wallets of the family that are on another device, as sources of its `connect-src`. */
  readonly walletSources?: (bridge: URL | undefined) => readonly string[];
}

/** Pera names its bridges at the first and has them below the second. Source: @perawallet/connect 1.6.0, its configuration. */
const PERA_SOURCES = ["https://wc.perawallet.app", "wss://*.perawallet.app"];

/** WalletConnect 1 speaks over a websocket, at the bridge's own address. */
const sourceOf = ({ protocol, host }: URL): string => `${protocol === "https:" ? "wss:" : "ws:"}//${host}`;

/** The families that this version serves: one folder each. */
const FAMILIES: { readonly [Family in NetworkFamily]?: ChainFamily } = {
  solana: { createChain: createSolanaChain, publicKeyOf: solanaKeyOf, addressOf: base58.encode },
  algorand: {
    createChain: createAlgorandChain,
    publicKeyOf: algorandKeyOf,
    addressOf: encodeAddress,
    walletSources: (bridge) => (bridge ? [sourceOf(bridge)] : PERA_SOURCES),
  },
};

/** @throws Error when no family of this version has such a network */
export function createChain(options: ChainOptions): ChainPort {
  const family = FAMILIES[familyOf(options.network)];
  if (!family) throw new Error(`${options.network} is not served by this version`);
  return family.createChain(options);
}

/** Where a page reaches wallets of these networks that are on another device. */
export function walletSourcesOf(networks: readonly NetworkName[], bridge: URL | undefined): readonly string[] {
  const families = new Set(networks.map(familyOf));
  return [...families].flatMap((family) => FAMILIES[family]?.walletSources?.(bridge) ?? []);
}

/** The key of a sponsor's address, of whatever family it is: no spelling is one of two. */
export function publicKeyOf(address: string): Uint8Array | undefined {
  return Object.values(FAMILIES)
    .map((family) => family.publicKeyOf(address))
    .find((key) => key !== undefined);
}

/** True for an address of the network's family, in its one spelling. */
export function isAddressOf(network: NetworkName, address: string): boolean {
  const key = FAMILIES[familyOf(network)]?.publicKeyOf(address);
  return key !== undefined && FAMILIES[familyOf(network)]?.addressOf(key) === address;
}
