import { describe, expect, test } from "vitest";
import {
  decodeSketch,
  FRIEND,
  movesAsset,
  optsIn,
  optsOut,
  pays,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import { compileAlgorandPolicy } from "../policy/compile.ts";
import { grantableItems, grantedItems } from "./granted-items.ts";

const granting = (assets: true | string[], account = false) =>
  compileAlgorandPolicy({ allow: [], maxFee: "2000", maxRent: "1000000", minimumBalance: { assets, account } });
const group = decodeSketch({
  user: [
    pays(),
    optsIn({ xaid: 9n }),
    optsIn({ xaid: 5n }),
    optsIn({ xaid: 9n, note: new Uint8Array([1]) }),
    optsIn({ xaid: 7n, snd: FRIEND.publicKey, arcv: FRIEND.publicKey }),
    optsOut({ xaid: 3n }),
    movesAsset({ xaid: 2n, arcv: USER.publicKey }),
  ],
});

describe("what may be given in a group", () => {
  test("is the receiver's opt-ins that the policy pays for, each once and in their order, and then the account", () => {
    expect(grantableItems(group, granting(true, true), USER.address)).toEqual({
      items: ["asset 9", "asset 5", "account"],
      bound: 300_000n,
    });
    expect(grantableItems(group, granting(["5", "7"], true), USER.address).items).toEqual(["asset 5", "account"]);
    expect(grantableItems(group, granting(true), USER.address).items).toEqual(["asset 9", "asset 5"]);
    expect(grantableItems(group, granting(true), FRIEND.address).items).toEqual(["asset 7"]);
  });

  test("is nothing where nothing is granted or opted in to: an account alone is never given", () => {
    expect(grantableItems(group, granting(["1"], true), USER.address)).toEqual({ items: [], bound: 0n });
    expect(grantableItems(decodeSketch({ user: [pays()] }), granting(true, true), USER.address).items).toEqual([]);
    const silent = compileAlgorandPolicy({ allow: [], maxFee: "2000", maxRent: "1000000" });
    expect(grantableItems(group, silent, USER.address).items).toEqual([]);
  });
});

test.each([
  [0n, []],
  [1n, ["asset 9"]],
  [100_000n, ["asset 9"]],
  [100_001n, ["asset 9", "asset 5"]],
  [200_000n, ["asset 9", "asset 5"]],
  [200_001n, ["asset 9", "asset 5", "account"]],
  [9_000_000n, ["asset 9", "asset 5", "account"]],
])("%s microalgos use up %j", (amount, items) => {
  expect(grantedItems(group, granting(true, true), USER.address, amount)).toEqual(items);
});
