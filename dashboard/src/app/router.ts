import { parse } from "regexparam";

/** Where everything of the dashboard is. */
const ROOT = "/dashboard";

export interface Pattern<T> {
  readonly keys: readonly string[];
  readonly expression: RegExp;
  readonly value: T;
}

export interface Match<T> {
  readonly value: T;
  readonly params: Readonly<Record<string, string>>;
}

/** Patterns such as `/p/:project/keys`, below the dashboard; the first that matches wins. */
export function createPatterns<T>(table: readonly (readonly [pattern: string, value: T])[]): readonly Pattern<T>[] {
  return table.map(([pattern, value]) => {
    const { keys, pattern: expression } = parse(ROOT + pattern);
    return { keys, expression, value };
  });
}

/** What an address means, or undefined when it means nothing. */
export function matchPath<T>(patterns: readonly Pattern<T>[], path: string): Match<T> | undefined {
  for (const { keys, expression, value } of patterns) {
    const found = expression.exec(path);
    if (!found) continue;
    const params: Record<string, string> = {};
    for (const [index, key] of keys.entries()) {
      const part = decode(found[index + 1]);
      if (part === undefined) continue;
      params[key] = part;
    }
    return { value, params };
  }
  return undefined;
}

/** A segment that is not percent-encoding is taken as it stands. */
function decode(part: string | undefined): string | undefined {
  if (part === undefined || part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address in the dashboard; empty parts of the query are left out. */
export function link(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  return `${ROOT}${path}${search.size > 0 ? `?${search.toString()}` : ""}`;
}

/** The address of a project's page, with or without what it is about. */
export const projectLink = (
  projectId: string,
  page: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string => link(`/p/${projectId}/${page}`, query);

/**
 * The address that a click leads to inside the dashboard; undefined when it is the browser's own affair: another
 * button or key, a new tab, a download, another site.
 */
export function addressOfClick(event: MouseEvent, here: URL): URL | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const anchor = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  if (!anchor || anchor.target !== "" || anchor.hasAttribute("download")) return undefined;
  const url = new URL(anchor.href, here);
  const isOurs = url.origin === here.origin && (url.pathname === ROOT || url.pathname.startsWith(`${ROOT}/`));
  const isPlaceOnPage = url.hash !== "" && url.pathname === here.pathname && url.search === here.search;
  return isOurs && !isPlaceOnPage ? url : undefined;
}
