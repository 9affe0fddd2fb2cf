/** A chunk of its own: only adapters of a page speak in these classes. */
export { VersionedTransaction } from "@solana/web3.js";
