import { expect, test } from "vitest";
import { type SetUp, stepsOf } from "./steps.ts";

const network = {
  network: "solana:devnet",
  policyVersion: null,
  allowlistOnly: false,
  explorer: null,
  isServed: true,
  sponsors: 0,
};
const NEW: SetUp = { networks: [], origins: 0, publishableKeys: 0, hasUsers: false };
const done = (setUp: SetUp): boolean[] => stepsOf(setUp).map(({ isDone }) => isDone);

test("a new project has everything before it", () => {
  expect(done(NEW)).toEqual([false, false, false, false, false, false]);
});

test("a network alone is not enough: somebody has to pay on it", () => {
  const without = stepsOf({ ...NEW, networks: [network] })[0];
  expect(without).toMatchObject({ isDone: false, page: "sponsors" });
  expect(done({ ...NEW, networks: [{ ...network, sponsors: 1 }] })[0]).toBe(true);
});

test("each part that is there ticks its own step", () => {
  const networks = [{ ...network, sponsors: 2, policyVersion: 1 }];
  expect(done({ networks, origins: 1, publishableKeys: 1, hasUsers: false })).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("whoever may not see keys is still told to make one", () => {
  expect(done({ ...NEW, publishableKeys: undefined })[2]).toBe(false);
});

test("somebody who signed in shows that the widget is on a page", () => {
  expect(done({ ...NEW, hasUsers: true })).toEqual([false, false, false, false, true, false]);
});
