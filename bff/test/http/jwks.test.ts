import { generateKeyPairSync } from "node:crypto";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PUBLISHED_AHEAD_MS } from "../../src/domain/token-keys.ts";
import { send } from "../support/send.ts";
import { type Stack, startStack } from "../support/stack.ts";

const PATH = "/.well-known/jwks.json";
/** What docs/verify-our-tokens.md has a backend keep what it read, and jose keep its own copy. */
const BACKEND_CACHE_MS = 300_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const read = (headers: Readonly<Record<string, string>> = {}, method = "GET") =>
  send<JSONWebKeySet>(stack, method, PATH, { headers });

function createKey(state: string) {
  const { kty, crv, x, y, d } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  return { kty, crv, x, y, d, state, since: new Date().toISOString() };
}

describe("the published keys", () => {
  test("may be kept, but never as long as a key is published before it signs", async () => {
    const { headers } = await read();
    const policy = headers.get("cache-control") ?? "";
    expect(policy).toBe("public, max-age=300, stale-while-revalidate=60, stale-if-error=240");
    const seconds = (name: string): number => Number(new RegExp(`\\b${name}=(\\d+)`).exec(policy)?.[1]);
    const stale = Math.max(seconds("stale-while-revalidate"), seconds("stale-if-error"));
    const oldestMs = 1_000 * (seconds("max-age") + stale) + BACKEND_CACHE_MS;
    expect(oldestMs).toBeLessThan(PUBLISHED_AHEAD_MS);
  });

  test("are sent once to whoever remembers their tag, and any page may read the answer", async () => {
    const first = await read({ origin: "https://stranger.example" });
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, `W/"other",${tag}`, "*"]) {
      const again = await fetch(`${stack.api}${PATH}`, {
        headers: { origin: "https://stranger.example", "if-none-match": known },
      });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe("");
      for (const name of ["etag", "cache-control", "vary", "access-control-allow-origin"]) {
        expect(again.headers.get(name)).toBe(first.headers.get(name));
      }
      expect(again.headers.get("access-control-allow-origin")).toBe("*");
    }
    for (const unknown of [tag.slice(0, -2), '"other"', "", tag.slice(3, -1), '"*"']) {
      expect((await read({ "if-none-match": unknown })).status).toBe(200);
    }
  });

  test("answer HEAD as they answer GET, without the keys", async () => {
    const [whole, head] = [await read(), await fetch(`${stack.api}${PATH}`, { method: "HEAD" })];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const name of ["etag", "cache-control", "content-type"]) {
      expect(head.headers.get(name)).toBe(whole.headers.get(name));
    }
  });

  test("are those of every state, without what is secret or only an operator's; a roll changes the tag", async () => {
    const keys = ["retiring", "active", "next"].map(createKey);
    const rolled = await startStack({ bindings: { TOKEN_KEYS: JSON.stringify(keys) } });
    try {
      const { body, headers } = await send<JSONWebKeySet>(rolled, "GET", PATH);
      const kid = expect.stringMatching(/^[\w-]{43}$/) as string;
      expect(body.keys).toEqual(keys.map(({ kty, crv, x, y }) => ({ kty, crv, x, y, kid, alg: "ES256", use: "sig" })));
      expect(headers.get("etag")).not.toBe((await read()).headers.get("etag"));
    } finally {
      await rolled.close();
    }
  });
});

test("a worker whose token key is two halves of different pairs serves nothing, and says which", async () => {
  const mixed = { ...createKey("active"), d: createKey("next").d };
  const broken = await startStack({ bindings: { TOKEN_KEYS: JSON.stringify([mixed]) } });
  try {
    expect((await fetch(`${broken.api}/live`)).status).toBe(500);
    await vi.waitFor(() => expect(broken.log.join("\n")).toMatch(/TOKEN_KEYS: [\w-]{43} is no key pair/));
    expect(broken.log.join("\n")).not.toContain(String(mixed.d));
  } finally {
    await broken.close();
  }
});
