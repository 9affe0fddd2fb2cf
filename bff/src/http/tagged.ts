import type { AppContext } from "./context.ts";

/** JSON, or 304 without a body for whoever has what has this tag. Source: RFC 9110, sections 8.8.3 and 13.1.2. */
export function answerTagged(context: AppContext, tag: string, value: object): Response {
  const known = context.req.header("If-None-Match")?.split(",") ?? [];
  context.header("ETag", `W/"${tag}"`);
  // Compared weakly: a proxy that compresses may have said W/, or not.
  const isKnown = known.some((given) => ["*", `"${tag}"`].includes(given.trim().replace(/^W\//, "")));
  return isKnown ? context.body(null, 304) : context.json(value);
}
