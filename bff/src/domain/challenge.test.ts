import { describe, expect, test } from "vitest";
import {
  type ChallengeBinding,
  challengeMacInput,
  composeNonce,
  parseChallengeId,
  redeemableBindings,
  signInFields,
  signInText,
} from "./challenge.ts";

const random = Uint8Array.from({ length: 12 }, (_, index) => index);
const mac = new Uint8Array(32).fill(0xab);
const nonce = composeNonce(random, 1_800_000_000, mac);

const input = {
  origin: "https://dapp.example",
  chainId: "localnet",
  nonce,
  statement: "Sign in to Demo.",
  resource: "https://api.example/v1/projects/prj_1",
  issuedAt: "2027-01-15T07:55:00.000Z",
  expirationTime: "2027-01-15T08:00:00.000Z",
};

describe("a nonce", () => {
  test("is 12 bytes of seed, 4 of expiry and 16 of the MAC, in lower-case hex", () => {
    expect(nonce).toBe(`000102030405060708090a0b6b49d200${"ab".repeat(16)}`);
  });

  test("reads back as the parts it was made of", () => {
    const parsed = parseChallengeId(`chl_${nonce}`);
    expect(parsed?.text).toBe(nonce);
    expect(parsed?.nonce).toEqual({ seed: random, expiresAtSeconds: 1_800_000_000, mac: mac.slice(0, 16) });
  });

  test("expires as late as four bytes can say", () => {
    const late = composeNonce(random, 2 ** 32 - 1, mac);
    expect(parseChallengeId(`chl_${late}`)?.nonce.expiresAtSeconds).toBe(2 ** 32 - 1);
  });

  test.each([
    ["nothing", ""],
    ["another prefix", `ses_${nonce}`],
    ["no prefix", nonce],
    ["upper case", `chl_${nonce.toUpperCase()}`],
    ["a character too few", `chl_${nonce.slice(1)}`],
    ["a byte too many", `chl_${nonce}00`],
    ["a line break behind it", `chl_${nonce}\n`],
    ["a letter that is no hex", `chl_${nonce.slice(1)}g`],
    ["full-width digits", `chl_${nonce.slice(1)}\uFF10`],
  ])("with %s is none of ours", (_name, text) => {
    expect(parseChallengeId(text)).toBeUndefined();
  });
});

describe("the bytes under the MAC", () => {
  const full = { projectId: "p", origin: "o", network: "n", method: "m", address: "a", keyThumbprint: "k" };
  const hexOf = (binding: ChallengeBinding, expiry = 1) =>
    Buffer.from(challengeMacInput(random, expiry, binding)).toString("hex");

  test("are each part behind its length", () => {
    const prefix = `0000000c${Buffer.from(random).toString("hex")}0000000400000001`;
    const texts = ["p", "o", "n", "m", "a", "k"].map((text) => `00000001${Buffer.from(text).toString("hex")}`).join("");
    expect(hexOf(full)).toBe(`${prefix}${texts}`);
  });

  test("differ with every part, so that nothing can be exchanged", () => {
    const others = Object.keys(full).map((part) => hexOf({ ...full, [part]: "x" }));
    expect(new Set([hexOf(full), hexOf(full, 2), ...others]).size).toBe(2 + others.length);
  });

  test("differ when a character moves from one part into the next", () => {
    expect(hexOf({ ...full, projectId: "pq", origin: "r" })).not.toBe(hexOf({ ...full, projectId: "p", origin: "qr" }));
  });

  test("of an absent method, address or key are those of an empty one", () => {
    const { method: _method, address: _address, keyThumbprint: _key, ...open } = full;
    expect(hexOf(open)).toBe(hexOf({ ...open, method: "", address: "", keyThumbprint: "" }));
  });
});

describe("a proof may redeem", () => {
  test("what is bound to its own method or address or to neither, never another's", () => {
    const fixed = { projectId: "p", origin: "o", network: "n" };
    const binding = { ...fixed, method: "message", address: "a" };
    expect(redeemableBindings(binding)).toEqual([
      fixed,
      { ...fixed, address: "a" },
      { ...fixed, method: "message" },
      binding,
    ]);
  });

  test("with a key what is bound to that key or to none, without one what is bound to none", () => {
    const binding = { projectId: "p", origin: "o", network: "n", method: "message", address: "a" };
    const keysOf = (keyThumbprint?: string) => [
      ...new Set(redeemableBindings({ ...binding, keyThumbprint }).map((bound) => bound.keyThumbprint)),
    ];
    expect(keysOf("key")).toEqual([undefined, "key"]);
    expect(keysOf()).toEqual([undefined]);
    expect(redeemableBindings({ ...binding, keyThumbprint: "key" })).toContainEqual({
      ...binding,
      keyThumbprint: "key",
    });
  });
});

describe("the sign-in text", () => {
  test("is the contract's, to the byte", () => {
    expect(signInText(signInFields(input), "Solana", "ADDRESS")).toMatchInlineSnapshot(`
      "dapp.example wants you to sign in with your Solana account:
      ADDRESS

      Sign in to Demo.

      URI: https://dapp.example
      Version: 1
      Chain ID: localnet
      Nonce: 000102030405060708090a0b6b49d200abababababababababababababababab
      Issued At: 2027-01-15T07:55:00.000Z
      Expiration Time: 2027-01-15T08:00:00.000Z
      Request ID: chl_000102030405060708090a0b6b49d200abababababababababababababababab
      Resources:
      - https://api.example/v1/projects/prj_1"
    `);
  });

  test("stays under 1,000 bytes of ASCII with the longest statement, origin and address", () => {
    const longest = { ...input, statement: "s".repeat(300), origin: `https://${"d".repeat(63)}.example:65535` };
    const text = signInText(signInFields(longest), "Algorand", "A".repeat(58));
    expect(text).toMatch(/^[\n -~]+$/);
    expect(text.length).toBeLessThan(1_000);
  });

  test.each([
    ["https://dapp.example", "dapp.example"],
    ["http://localhost:5173", "localhost:5173"],
    ["https://[::1]:8443", "[::1]:8443"],
  ])("of a page at %s says %s", (origin, domain) => {
    expect(signInFields({ ...input, origin })).toMatchObject({ domain, uri: origin });
  });

  test("names the network and the accounts of its family as it was told", () => {
    const fields = signInFields({ ...input, chainId: "416002" });
    expect(fields.chainId).toBe("416002");
    const lines = signInText(fields, "Algorand", "ADDRESS").split("\n");
    expect(lines[0]).toBe("dapp.example wants you to sign in with your Algorand account:");
    expect(lines).toContain("Chain ID: 416002");
  });

  test("has an address among its fields only when there is one", () => {
    expect(signInFields(input)).not.toHaveProperty("address");
    expect(signInFields({ ...input, address: "A" }).address).toBe("A");
  });
});
