import { failure, type Result, success } from "./result.ts";

/** As browsers send it, and as SQL keeps it: ASCII, lower case, no default port, no path. */
const STORED = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$/;
const MAX_CHARS = 253;
/** What a URL parser would quietly drop, turn or decode: nobody means it. */
const SURPRISING = /[\s\\%@?#*\p{Cc}\p{Cf}]/u;

const isLoopback = (host: string): boolean => /^(?:localhost|.*\.localhost|127\.0\.0\.1|\[::1\])$/.test(host);

/** Whether browsers give its pages the cryptography that signing in needs. Source: W3C Secure Contexts, 3.1. */
export const isSecureOrigin = (origin: string): boolean =>
  origin.startsWith("https:") || isLoopback(URL.parse(origin)?.hostname ?? "");

/**
 * The origin that somebody typed, as browsers will send it: names of other scripts become punycode, a default port goes.
 * Reasons are sentences for whoever typed it. A live project takes https, and plain http on the own machine alone.
 * Source: WHATWG URL, origin; RFC 6454.
 */
export function parseOrigin(text: string, environment: "test" | "live"): Result<string, string> {
  const typed = text.trim();
  if (typed === "null") return failure("null is what pages without an origin send: it is nobody's.");
  if (typed.includes("*")) return failure("An origin is exact: list each one, without a wildcard.");
  const url = SURPRISING.test(typed) ? null : URL.parse(typed);
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\/[^/]+\/?$/i.test(typed)) {
    return failure("Give scheme, host and, where it is not the usual one, port: such as https://shop.example.");
  }
  if (!STORED.test(url.origin) || url.origin.length > MAX_CHARS)
    return failure("No browser sends an origin like this.");
  if (environment === "live" && url.protocol === "http:" && !isLoopback(url.hostname)) {
    return failure("A live project takes https alone: what comes over http can be changed on its way.");
  }
  return success(url.origin);
}
