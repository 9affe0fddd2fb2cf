/** What an origin will be kept as, or why it cannot be one: told while it is typed; the API has the last word. */
export type OriginReading =
  | { readonly kind: "empty" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "origin"; readonly origin: string; readonly note: string | undefined; readonly isSecure: boolean };

export const NOT_SECURE =
  "Nobody can sign in there: browsers give pages over http no cryptography, except on localhost. Serve it over https.";

const isLoopback = (host: string): boolean => /^(?:localhost|.*\.localhost|127\.0\.0\.1|\[::1\])$/.test(host);

/** Whether browsers give its pages the cryptography that the widget needs. Source: W3C Secure Contexts, 3.1. */
export const isSecure = (origin: string): boolean =>
  origin.startsWith("https:") || isLoopback(URL.parse(origin)?.hostname ?? "");

const refused = (why: string): OriginReading => ({ kind: "refused", why });

/** Sentences about what a URL would carry beside its origin. */
function excessOf(typed: string, url: URL): string | undefined {
  if (url.username !== "" || url.password !== "" || typed.includes("@"))
    return "An origin has no user name or password.";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || /[?#]/.test(typed)) {
    return `An origin has no path: ${url.origin} stands for every page of it.`;
  }
  return undefined;
}

/** Typed as an address bar shows it, which leaves out what is needed here. */
function withScheme(typed: string): string {
  const url = URL.parse(`http://${typed}`);
  if (url && isLoopback(url.hostname)) return `Begin with http://, as in ${url.origin}.`;
  return "Begin with https://, as in https://shop.example.";
}

function noteOf(typed: string, origin: string): string | undefined {
  if (!isSecure(origin)) return NOT_SECURE;
  if (origin.includes("xn--")) {
    return "Browsers send names of other scripts in this spelling. Compare it: letters that look alike give another one.";
  }
  return typed.replace(/\/$/, "") === origin ? undefined : "This is the spelling that browsers send.";
}

/** Reads what somebody types as an origin of a page. Source: WHATWG URL, origin. */
export function readOrigin(text: string, environment: "test" | "live"): OriginReading {
  const typed = text.trim();
  if (typed === "") return { kind: "empty" };
  if (typed === "null") return refused("null is what pages without an origin send: it is nobody's.");
  if (typed.includes("*")) {
    return refused(
      "Wildcards are not taken: whoever gets hold of any subdomain could spend your budget. List each origin by itself.",
    );
  }
  if (!/^https?:\/\//i.test(typed)) return refused(withScheme(typed));
  const url = /[\s\\%]/.test(typed) ? null : URL.parse(typed);
  if (!url) return refused("This is no address that a browser could open.");
  const excess = excessOf(typed, url);
  if (excess !== undefined) return refused(excess);
  if (environment === "live" && url.protocol === "http:" && !isLoopback(url.hostname)) {
    return refused("A live project takes https alone: what comes over http can be changed on its way.");
  }
  const { origin } = url;
  return { kind: "origin", origin, note: noteOf(typed, origin), isSecure: isSecure(origin) };
}
