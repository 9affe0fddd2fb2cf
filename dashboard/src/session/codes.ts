/** What a link to the dashboard brings along: each opens once, so it must not stay in an address. */
export interface EntryCodes {
  readonly claim: string | undefined;
  readonly invitation: string | undefined;
}

interface TakenCodes {
  readonly codes: EntryCodes;
  /** The address without them; undefined when there were none. */
  readonly address: string | undefined;
}

/** Takes the codes out of an address, to be replaced at once: not even a reload finds them there. */
export function takeCodes(url: URL): TakenCodes {
  // Behind `#` no server and no proxy has seen them.
  const rest = new URLSearchParams(url.hash.slice(1));
  const codes = { claim: rest.get("claim") ?? undefined, invitation: rest.get("invitation") ?? undefined };
  if (codes.claim === undefined && codes.invitation === undefined) return { codes, address: undefined };
  rest.delete("claim");
  rest.delete("invitation");
  return { codes, address: `${url.pathname}${url.search}${rest.size > 0 ? `#${rest.toString()}` : ""}` };
}
