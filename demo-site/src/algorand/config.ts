export interface AlgorandConfig {
  /** Such as `algorand:localnet`. */
  readonly network: string;
  readonly algodUrl: string;
  /** The demo asset. */
  readonly assetId: bigint;
  /** Where stamps are sent back to. */
  readonly counter: string;
}

/** What the server wrote into the page for this script. */
export function readConfig(): AlgorandConfig {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="gasless-demo"]');
  return {
    network: meta?.content ?? "",
    algodUrl: meta?.dataset["algodUrl"] ?? "",
    assetId: BigInt(meta?.dataset["assetId"] ?? 0),
    counter: meta?.dataset["counter"] ?? "",
  };
}
