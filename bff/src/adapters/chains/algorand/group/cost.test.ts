import { expect, test } from "vitest";
import {
  decodeSketch,
  type GroupSketch,
  movesAsset,
  pays,
  SPONSOR,
  sponsorGives,
  sponsorPays,
} from "../../../../../test/support/algorand-groups.ts";
import { costOfGroup } from "./cost.ts";

test.each<[string, GroupSketch["sponsored"] & object, bigint, bigint]>([
  ["is its fee", sponsorPays({ fee: 5_000n }), 5_000n, 0n],
  ["is its fee and what it gives", sponsorGives(150_000n), 2_000n, 150_000n],
  ["is no amount that it pays to itself", sponsorPays({ amt: 9n }), 2_000n, 0n],
  ["is nothing where it pays no fee", sponsorPays({ fee: undefined }), 0n, 0n],
  ["is only the fee of a transaction that is no payment", movesAsset({ snd: SPONSOR.publicKey, fee: 7n }), 7n, 0n],
])("what a group takes from its sponsor %s", (_name, sponsored, fee, rent) => {
  expect(costOfGroup(decodeSketch({ sponsored, user: [pays({ fee: 1_000n, amt: 5n })] }))).toEqual({ fee, rent });
});

test("a group of nothing costs nothing", () => {
  expect(costOfGroup({ groupId: new Uint8Array(32), entries: [] })).toEqual({ fee: 0n, rent: 0n });
});
