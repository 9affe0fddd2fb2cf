/** What a page asks to be signed in with. Source: Wallet Standard, SolanaSignInInput. */
export interface SignInInput {
  readonly domain?: string;
  readonly address?: string;
  readonly statement?: string;
  readonly uri?: string;
  readonly version?: string;
  readonly chainId?: string;
  readonly nonce?: string;
  readonly issuedAt?: string;
  readonly expirationTime?: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
}

/** The text of Sign In With Solana: lines end in LF, the last one has none. */
export function writeSignInText(input: SignInInput, host: string, address: string): string {
  const lines = [`${input.domain ?? host} wants you to sign in with your Solana account:`, address];
  if (input.statement !== undefined) lines.push("", input.statement);
  const fields = [
    ["URI", input.uri],
    ["Version", input.version],
    ["Chain ID", input.chainId],
    ["Nonce", input.nonce],
    ["Issued At", input.issuedAt],
    ["Expiration Time", input.expirationTime],
    ["Not Before", input.notBefore],
    ["Request ID", input.requestId],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  if (input.resources !== undefined) fields.push("Resources:", ...input.resources.map((resource) => `- ${resource}`));
  if (fields.length > 0) lines.push("", ...fields);
  return lines.join("\n");
}
