import { expect, test } from "vitest";
import { fakeProject } from "../../testing/fake/world.ts";
import { changeOf, checkSettings, mergeSettings, toValues } from "./settings-values.ts";

const project = fakeProject();

test("only what was changed is sent", () => {
  const values = { ...toValues(project), name: " Box office ", userRelaysPerMinute: "12" };
  expect(changeOf(project, values)).toEqual({ name: "Box office", userRelaysPerMinute: 12 });
  expect(changeOf(project, toValues(project))).toEqual({});
});

test("somebody else's change meanwhile is shown and stays, and so does what was typed here", () => {
  const typed = { ...toValues(project), name: "Box office" };
  const now = { ...project, version: "9", name: "Kiosk", statement: "Sign in to the kiosk." };
  const merged = mergeSettings(project, now, typed);
  expect(merged).toEqual({ ...toValues(now), name: "Box office" });
  expect(changeOf(now, merged)).toEqual({ name: "Box office" });
});

test("settings as they are have no fault", () => {
  expect(checkSettings(toValues(project))).toEqual({});
});

test("a comma that groups nothing makes no number, rather than one ten times as large", () => {
  const fault = "is a whole number from 1 to 10,000,000";
  for (const typed of ["1,5", "60,0", "0,600"]) {
    expect(checkSettings({ ...toValues(project), userRelaysPerMinute: typed })).toEqual({ userRelaysPerMinute: fault });
  }
  expect(changeOf(project, { ...toValues(project), requestsPerMinute: "12,000" })).toEqual({
    requestsPerMinute: 12_000,
  });
});

test("nonsense is told at its field before it is sent", () => {
  const values = {
    ...toValues(project),
    name: "  ",
    statement: "Grüße",
    locale: "german",
    requestsPerMinute: "0",
    keyRequestsPerMinute: "1e3",
    userRelaysPerMinute: "10,000,001",
  };
  expect(Object.keys(checkSettings(values)).toSorted()).toEqual([
    "keyRequestsPerMinute",
    "locale",
    "name",
    "requestsPerMinute",
    "statement",
    "userRelaysPerMinute",
  ]);
});
