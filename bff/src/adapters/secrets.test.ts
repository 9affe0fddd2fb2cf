import { createHmac, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSecrets } from "./secrets.ts";

const secret = new Uint8Array(32).fill(7);
const data = Uint8Array.of(1, 2, 3);

describe("a MAC", () => {
  test("is HMAC-SHA-256 under a key that HKDF makes of the secret and the label", async () => {
    const { mac } = createSecrets(new Map([["k1", secret]]));
    const key = Buffer.from(hkdfSync("sha256", secret, "", "label", 32));
    const expected = new Uint8Array(createHmac("sha256", key).update(data).digest());
    expect(await mac("k1", "label", data)).toEqual(expected);
    // The key that was kept makes the same one.
    expect(await mac("k1", "label", data)).toEqual(expected);
  });

  test("of one label or secret is nothing under another", async () => {
    const { mac } = createSecrets(
      new Map([
        ["k1", secret],
        ["k2", new Uint8Array(32).fill(8)],
      ]),
    );
    const macs = [await mac("k1", "a", data), await mac("k1", "b", data), await mac("k2", "a", data)];
    expect(new Set(macs.map((bytes) => bytes?.join(" "))).size).toBe(3);
  });

  test("of a key that is not there is none", async () => {
    const { mac } = createSecrets(new Map([["k1", secret]]));
    expect(await mac("k2", "label", data)).toBeUndefined();
  });

  test("is right for more labels than are kept", async () => {
    const { mac } = createSecrets(new Map([["k1", secret]]));
    const make = () => Promise.all(Array.from({ length: 40 }, (_, index) => mac("k1", `label ${index}`, data)));
    expect(await make()).toEqual(await make());
  });
});

describe("secrets", () => {
  test("are told apart by ids in the order in which they were given: the first makes new MACs", () => {
    expect(
      createSecrets(
        new Map([
          ["new", secret],
          ["old", secret],
        ]),
      ).kids,
    ).toEqual(["new", "old"]);
  });
});
