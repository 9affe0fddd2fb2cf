/** The pairing address in a link that opens the Pera app: "" when it only opens it, undefined when it is another link. */
export function readPeraLink(href: string): string | undefined {
  if (href.startsWith("perawallet-wc:")) return URL.parse(href)?.searchParams.get("uri") ?? "";
  const [, scheme] = /^intent:.*#Intent;scheme=(wc|perawallet-wc);/.exec(href) ?? [];
  if (scheme === undefined) return undefined;
  const [target = ""] = href.slice("intent:".length).split("#Intent;");
  return scheme === "wc" ? `wc:${target}` : "";
}
