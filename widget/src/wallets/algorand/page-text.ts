/** One line of plain letters: nobody gets another line, or a look-alike, into what is shown. */
const isPlain = (part: unknown): boolean => typeof part === "string" && /^[ -~]*$/.test(part);

/**
 * Whether a text asks to sign in to this very page with this address: a server could hand on another site's.
 * Source: CAIP-122.
 */
export function isTextOfThisPage(text: string, address: string): boolean {
  const lines = text.split("\n");
  const [first = "", second] = lines;
  return (
    lines.every(isPlain) &&
    first === `${location.host} wants you to sign in with your Algorand account:` &&
    second === address &&
    lines.filter((line) => line.startsWith("URI: ")).join() === `URI: ${location.origin}`
  );
}

/** The domain that a structured text names, if it asks to sign in to this very page with this address. Source: ARC-60. */
export function readSiwaDomain(data: Uint8Array, address: string): string | undefined {
  try {
    const claims = JSON.parse(new TextDecoder().decode(data)) as Readonly<Record<string, unknown>>;
    const { domain, uri, account_address: account } = claims;
    const isOurs = domain === location.host || domain === location.hostname;
    const isForPage = isOurs && uri === location.origin && account === address;
    return isForPage && Object.values(claims).flat().every(isPlain) ? domain : undefined;
  } catch {
    return undefined;
  }
}
