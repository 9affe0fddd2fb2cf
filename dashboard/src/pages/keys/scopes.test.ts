import { expect, test } from "vitest";
import { Scope } from "../../../../bff/src/contract/manage/values.ts";
import { PRESETS, presetOf, SCOPE_GROUPS, toggleScope } from "./scopes.ts";

test("every scope of the contract can be chosen, once", () => {
  const offered = SCOPE_GROUPS.flatMap(([, choices]) => choices.map(({ scope }) => scope));
  expect(offered.toSorted()).toEqual(Scope.options.toSorted());
});

test("looking on changes nothing", () => {
  const scopes = PRESETS.find(({ value }) => value === "look")?.scopes ?? [];
  expect(scopes.length).toBeGreaterThan(5);
  expect(scopes.filter((scope) => !scope.endsWith(":read"))).toEqual([]);
});

test("a preset is known again in any order, and is none with one scope more", () => {
  for (const { value, scopes } of PRESETS) expect(presetOf(scopes.toReversed())).toBe(value);
  expect(presetOf(["lists:read", "lists:write", "jobs:read", "audit:read"])).toBe("own");
  expect(presetOf([])).toBe("own");
});

test("whoever may write may read, and whoever may no longer read no longer writes", () => {
  expect(toggleScope([], "lists:write", true)).toEqual(["lists:read", "lists:write"]);
  expect(toggleScope(["lists:read", "lists:write"], "lists:read", false)).toEqual([]);
  expect(toggleScope(["lists:read", "lists:write"], "lists:write", false)).toEqual(["lists:read"]);
});
