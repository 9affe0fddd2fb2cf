import { afterEach, expect, test } from "vitest";
import { createOwnTabs, type OwnTabs } from "./own-tabs.ts";

const open: OwnTabs[] = [];
const openTab = (user: string, draft: string): OwnTabs => {
  const tab = createOwnTabs(user, draft);
  open.push(tab);
  return tab;
};
afterEach(() => {
  for (const tab of open.splice(0)) tab.close();
});

test("of what is saved in other tabs of a person the last version is known", async () => {
  const here = openTab("usr_1", "pol_1");
  const there = openTab("usr_1", "pol_1");
  there.tell("5");
  there.tell("6");
  await expect.poll(() => here.isTheirs("6")).toBe(true);
  expect(here.isTheirs("5")).toBe(false);
  expect(here.isTheirs("7")).toBe(false);
  // What was saved here is no other tab's.
  expect(there.isTheirs("6")).toBe(false);
});

test("another draft's version, or another person's in the same browser, is none of one's own", async () => {
  const here = openTab("usr_1", "pol_1");
  const other = openTab("usr_1", "pol_2");
  const stranger = openTab("usr_2", "pol_1");
  openTab("usr_1", "pol_2").tell("5");
  openTab("usr_2", "pol_1").tell("5");
  await expect.poll(() => other.isTheirs("5") && stranger.isTheirs("5")).toBe(true);
  expect(here.isTheirs("5")).toBe(false);
});
