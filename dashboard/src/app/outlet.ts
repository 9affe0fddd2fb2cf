import { ApiProblem } from "../api/problem.ts";
import type { Page } from "./page.ts";
import type { Match } from "./router.ts";
import type { Route } from "./routes.ts";

/** Its file is not there any more, or not reached: the page that is open may be older than what is deployed now. */
export const NOT_LOADED = "dashboard.page_not_loaded";

/** The page that an address shows, kept while only its query changes. */
export interface Shown {
  readonly route: Route;
  readonly path: string;
  readonly element: Page;
}

/** Loads a file of the dashboard. @throws ApiProblem with NOT_LOADED */
export async function loadCode(load: () => Promise<unknown>): Promise<void> {
  await load().catch((cause: unknown) => {
    const problem = new ApiProblem({ status: 0, code: NOT_LOADED, detail: "This page could not be loaded." });
    throw Object.assign(problem, { cause });
  });
}

/** Loads a page's code and makes it, or gives the one that is there what has changed. */
export async function showPage(
  shown: Shown | undefined,
  { value: route, params }: Match<Route>,
  { pathname: path, searchParams: query }: URL,
): Promise<Shown> {
  if (shown?.route === route && shown.path === path) {
    shown.element.query = query;
    return shown;
  }
  await loadCode(route.load);
  const element = document.createElement(route.tag) as Page;
  element.params = params;
  element.query = query;
  return { route, path, element };
}

/** Focus goes where reading begins, as after any link; an address with a place on the page goes there. */
export async function focusPage({ element }: Shown, hash: string): Promise<void> {
  await element.updateComplete;
  const place = hash === "" ? null : element.querySelector<HTMLElement>(`#${CSS.escape(hash.slice(1))}`);
  if (place) {
    place.scrollIntoView();
    return;
  }
  window.scrollTo({ top: 0 });
  element.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}
