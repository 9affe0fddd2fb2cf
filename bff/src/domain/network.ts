import type { NetworkName } from "../contract/values.ts";

export type { NetworkName } from "../contract/values.ts";

export type NetworkFamily = "solana" | "algorand" | "eip155" | "near";

/** Those that this version has a chain for. */
export const SERVED_FAMILIES: ReadonlySet<NetworkFamily> = new Set(["solana", "algorand"]);

/** Genesis hashes of public networks. A localnet has its own, given by the configuration. Source: Solana docs, Clusters; Algorand docs, Networks. */
export const GENESIS_HASHES: Readonly<Record<string, string>> = {
  "solana:mainnet": "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
  "solana:devnet": "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG",
  "solana:testnet": "4uhcVJyU9pJkvQyS88uRDiswHYSGkfXoQcHqGx8hFZ2b",
  "algorand:mainnet": "wGHE2Pwdvd7S12BL5FaOP20EGYesN73ktiC1qzkkit8=",
  "algorand:testnet": "SGO1GKSzyE7IEPItTxCByw9x8FmnrCDexi9/cOUJOiI=",
};

const EVM_MAINNETS = new Set(["1", "10", "56", "137", "8453", "42161", "43114"]);

export function familyOf(network: NetworkName): NetworkFamily {
  return network.slice(0, network.indexOf(":")) as NetworkFamily;
}

/** Whether this version has a chain for what is kept as a network. */
export const isServed = (text: string): text is NetworkName => SERVED_FAMILIES.has(familyOf(text));

/** True where real money moves. A test project never reaches such a network. */
export function isMainnet(network: NetworkName): boolean {
  const [family, reference] = network.split(":");
  return reference === "mainnet" || (family === "eip155" && EVM_MAINNETS.has(reference ?? ""));
}

/** `<family>:<address>`, of an address that has already been rebuilt from its raw bytes. */
export function walletOf(network: NetworkName, address: string): string {
  return `${familyOf(network)}:${address}`;
}
