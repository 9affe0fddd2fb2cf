import { describe, expect, test } from "vitest";
import { createPatterns, link, matchPath, projectLink } from "./router.ts";
import { ORGANIZATION_NAVIGATION, PROJECT_NAVIGATION, ROUTES } from "./routes.ts";

const patterns = createPatterns([
  ["/", "home"],
  ["/p/:project/relays", "relays"],
  ["/p/:project/relays/:relay", "relay"],
  ["/p/:project/policy/:version?", "policy"],
]);

describe("an address", () => {
  test.each([
    ["/dashboard", "home", {}],
    ["/dashboard/", "home", {}],
    ["/dashboard/p/prj_1/relays", "relays", { project: "prj_1" }],
    ["/dashboard/p/prj_1/relays/", "relays", { project: "prj_1" }],
    ["/dashboard/p/prj_1/relays/rly_2", "relay", { project: "prj_1", relay: "rly_2" }],
    ["/dashboard/p/prj_1/policy", "policy", { project: "prj_1" }],
    ["/dashboard/p/prj_1/policy/current", "policy", { project: "prj_1", version: "current" }],
    ["/dashboard/p/a%20b/relays", "relays", { project: "a b" }],
    ["/dashboard/p/%E0%A4%A/relays", "relays", { project: "%E0%A4%A" }],
  ])("%s is %s", (path, value, params) => {
    expect(matchPath(patterns, path)).toEqual({ value, params });
  });

  test.each(["/", "/docs", "/dashboards", "/dashboard/p/prj_1", "/dashboard/p/prj_1/relays/rly_2/more"])(
    "%s is nothing",
    (path) => {
      expect(matchPath(patterns, path)).toBeUndefined();
    },
  );
});

test("a link leaves out what its query does not say, and escapes what it says", () => {
  expect(link("/organizations")).toBe("/dashboard/organizations");
  expect(projectLink("prj_1", "decisions", { code: "a b&c", network: undefined })).toBe(
    "/dashboard/p/prj_1/decisions?code=a+b%26c",
  );
});

test("everything in the navigation leads to a page", () => {
  const project = PROJECT_NAVIGATION.flatMap(([, items]) => items.map(({ path }) => `/p/prj_1/${path}`));
  const organization = ORGANIZATION_NAVIGATION.map(({ path }) => `/o/org_1/${path}`);
  for (const path of [...project, ...organization]) {
    expect([path, matchPath(ROUTES, link(path))?.value.title]).toEqual([path, expect.any(String)]);
  }
});
