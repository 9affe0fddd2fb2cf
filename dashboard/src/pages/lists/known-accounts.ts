/** Accounts that nearly every transaction names: on a denylist they would refuse everything. */
const KNOWN: Readonly<Record<string, string>> = {
  "11111111111111111111111111111111": "System program",
  ComputeBudget111111111111111111111111111111: "Compute budget program",
  TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA: "Token program",
  TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb: "Token-2022 program",
  ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL: "Associated token program",
  MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr: "Memo program",
  SysvarRent111111111111111111111111111111111: "Rent sysvar",
  SysvarC1ock11111111111111111111111111111111: "Clock sysvar",
  Sysvar1nstructions1111111111111111111111111: "Instructions sysvar",
};

/** What an account is called, where everybody knows it. */
const knownAccount = (address: string): string | undefined =>
  Object.hasOwn(KNOWN, address) ? KNOWN[address] : undefined;

interface Parties {
  readonly sponsors: readonly string[];
  readonly wallet: string;
}

const addressOf = (wallet: string): string => wallet.slice(wallet.indexOf(":") + 1);

/** Who an account is in its transaction, or in general. */
export function accountRole(address: string, { sponsors, wallet }: Parties): string | undefined {
  if (sponsors.includes(address)) return "Sponsor";
  if (address === addressOf(wallet)) return "The user's wallet";
  return knownAccount(address);
}

/** Why denying it would do more harm than good; undefined when it may be denied. */
export function whyNotDeny(address: string): string | undefined {
  const known = knownAccount(address);
  return known === undefined
    ? undefined
    : `This is the ${known.toLowerCase()}: nearly every transaction names it. What may be done with it is the policy's to say.`;
}
