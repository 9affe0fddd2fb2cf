/** What was pasted, as the API takes it; or why it is none. */
export type ReadTransactions =
  | { readonly transaction: string }
  | { readonly transactions: string[] }
  | { readonly fault: string };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** As many as a group holds. */
const MAX_GROUP = 16;

/** What wraps a copied text in a program, a log or a JSON list. */
const unwrap = (line: string): string => line.trim().replaceAll(/^["'[\]]+|["'[\],;]+$/g, "");

/** A wallet as the API names it: of the network's family, where only its address was typed. */
export const readWallet = (network: string, typed: string): string =>
  typed.includes(":") ? typed.trim() : `${network.slice(0, network.indexOf(":"))}:${typed.trim()}`;

/** Reads pasted base64: one transaction, or on a network with groups one a line, in their order. */
export function readTransactions(network: string, pasted: string): ReadTransactions {
  const lines = pasted.split(/[\n,]/).map(unwrap).filter(Boolean);
  if (lines.length === 0) return { fault: "Paste a transaction." };
  const wrong = lines.findIndex((line) => !BASE64.test(line));
  if (wrong >= 0) {
    return {
      fault: `Line ${wrong + 1} is not base64. What wallets and explorers show in base58 is the signature, not the transaction.`,
    };
  }
  if (network.startsWith("algorand:")) {
    return lines.length > MAX_GROUP
      ? { fault: `A group holds at most ${MAX_GROUP} transactions.` }
      : { transactions: lines };
  }
  const [transaction = "", ...others] = lines;
  return others.length > 0
    ? { fault: "One transaction at a time: there are no groups on this network." }
    : { transaction };
}
