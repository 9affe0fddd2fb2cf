export interface DemoConfig {
  /** Such as `solana:localnet`. */
  readonly network: string;
  readonly rpcUrl: string;
  /** Whether this server gives demo tokens away. */
  readonly hasFaucet: boolean;
  /** Whether it has a page for Algorand as well. */
  readonly hasAlgorand: boolean;
}

/** What the server wrote into the page for this script. */
export function readConfig(): DemoConfig {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="gasless-demo"]');
  return {
    network: meta?.content ?? "",
    rpcUrl: meta?.dataset["rpcUrl"] ?? "",
    hasFaucet: meta?.dataset["faucet"] === "on",
    hasAlgorand: meta?.dataset["algorand"] === "on",
  };
}
