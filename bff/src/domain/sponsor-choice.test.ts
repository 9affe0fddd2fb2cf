import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProjectSponsor } from "./project.ts";
import { chooseSponsor } from "./sponsor-choice.ts";

const sponsor = (address: string, changes: Partial<ProjectSponsor> = {}): ProjectSponsor => ({
  id: address,
  address,
  state: "active",
  balance: 1_000n,
  balanceFloor: 100n,
  isSpent: false,
  ...changes,
});
const always = (): boolean => true;
const choose = (sponsors: readonly ProjectSponsor[], unit = 0, canSign: (address: string) => boolean = always) =>
  chooseSponsor(sponsors, canSign, unit)?.address;
/** Everybody who can be chosen. */
const choices = (sponsors: readonly ProjectSponsor[], canSign?: (address: string) => boolean) =>
  new Set([0, 0.2, 0.4, 0.6, 0.8, 0.999].map((unit) => choose(sponsors, unit, canSign)));

describe("a new transaction", () => {
  test("may name any fit sponsor, each in its share of the random numbers", () => {
    const pool = ["a", "b", "c", "d"].map((address) => sponsor(address));
    const chosen = [0, 0.24, 0.25, 0.49, 0.5, 0.74, 0.75, 0.999].map((unit) => choose(pool, unit));
    expect(chosen).toEqual(["a", "a", "b", "b", "c", "c", "d", "d"]);
  });

  test.each<[string, Partial<ProjectSponsor>]>([
    ["has spent its own budget", { isSpent: true }],
    ["is at its floor", { balance: 100n }],
    ["is below its floor", { balance: 99n }],
    ["is empty", { balance: 0n, balanceFloor: 0n }],
  ])("names no sponsor that %s while another is fit", (_, changes) => {
    expect(choices([sponsor("unfit", changes), sponsor("fit")])).toEqual(new Set(["fit"]));
  });

  test.each<[string, Partial<ProjectSponsor>]>([
    ["nobody could read", { balance: null }],
    ["is one lamport above its floor", { balance: 101n }],
  ])("may name a sponsor whose balance %s", (_, changes) => {
    expect(choices([sponsor("a", changes), sponsor("b")])).toEqual(new Set(["a", "b"]));
  });

  test("names one that is not fit when none is: what is known may be a minute old", () => {
    const pool = [sponsor("poor", { balance: 0n }), sponsor("spent", { isSpent: true })];
    expect(choices(pool)).toEqual(new Set(["poor", "spent"]));
  });

  test.each<[string, readonly ProjectSponsor[], (address: string) => boolean]>([
    ["there is none", [], always],
    ["all of them are being drained", [sponsor("a", { state: "draining" })], always],
    ["all of them are retired", [sponsor("a", { state: "retired" })], always],
    ["nobody holds a key of theirs", [sponsor("a"), sponsor("b")], () => false],
  ])("names no sponsor when %s", (_, pool, canSign) => {
    expect(choices(pool, canSign)).toEqual(new Set([undefined]));
  });

  test("names no sponsor that is drained, retired or without a key, though it is the only fit one", () => {
    const pool = [
      sponsor("draining", { state: "draining" }),
      sponsor("retired", { state: "retired" }),
      sponsor("keyless"),
      sponsor("poor", { balance: 0n }),
    ];
    expect(choices(pool, (address) => address !== "keyless")).toEqual(new Set(["poor"]));
  });

  test("always names one that can pay when there is one, whatever the random number", () => {
    const any = fc.record({
      state: fc.constantFrom("active" as const, "draining" as const, "retired" as const),
      balance: fc.constantFrom(null, 0n, 100n, 101n),
      isSpent: fc.boolean(),
      hasKey: fc.boolean(),
    });
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), unit, (kinds, random) => {
        const pool = kinds.map(({ state, balance, isSpent }, index) =>
          sponsor(String(index), { state, balance, isSpent }),
        );
        const canSign = (address: string) => kinds[Number(address)]?.hasKey === true;
        const usable = pool.filter(({ state, address }) => state === "active" && canSign(address));
        const fit = usable.filter(({ balance, isSpent }) => !isSpent && (balance === null || balance > 100n));
        const chosen = chooseSponsor(pool, canSign, random);
        expect(chosen === undefined).toBe(usable.length === 0);
        if (chosen) expect(fit.length > 0 ? fit : usable).toContain(chosen);
      }),
    );
  });
});
