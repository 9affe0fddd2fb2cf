import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDpopProofs } from "../../../bff/src/adapters/tokens/dpop-proofs.ts";
import type { CallApi, CallOptions } from "../api/client.ts";
import { createServerClock } from "../api/clock.ts";
import { createProofKey } from "../api/dpop.ts";
import { GaslessError } from "../errors.ts";
import { createSessionKeeper, type SessionKeeper } from "./session.ts";
import { type Called, makeTokens, ORIGIN } from "./test-support.ts";

const opened: SessionKeeper[] = [];
beforeEach(() => void vi.stubGlobal("location", { ...ORIGIN, href: `${ORIGIN.origin}/shop/` }));
afterEach(() => {
  for (const keeper of opened.splice(0)) keeper.stop();
  vi.unstubAllGlobals();
});

type Reply = (call: Called) => unknown;

/** A keeper that is signed in as one wallet, for an API that answers by `reply`; a page without a database. */
async function signIn(reply: Reply, tokenType: "Bearer" | "DPoP" = "DPoP") {
  const calls: Called[] = [];
  const callApi = (async (_method: string, path: string, options: CallOptions = {}) => {
    calls.push({ path, options });
    return reply({ path, options });
  }) as CallApi;
  const ends: string[] = [];
  const listener = { onOpen: () => undefined, onEnd: (reason: string) => void ends.push(reason) };
  const keeper = createSessionKeeper(callApi, createServerClock(), crypto.randomUUID(), listener);
  opened.push(keeper);
  const key = await createProofKey();
  await keeper.keep({ ...makeTokens("A", 1, tokenType), expiresIn: 0 }, key, "A wallet");
  return { keeper, key, calls, ends };
}

const refreshTokenOf = ({ options }: Called) => (options.body as { refreshToken: string }).refreshToken;

describe("a bound session", () => {
  test("is refreshed and used with its key alone", async () => {
    const { keeper, key, calls } = await signIn(({ path }) => (path.endsWith("refresh") ? makeTokens("A", 2) : {}));
    await keeper.call("GET", "/v1/allowance");
    expect(calls.map(({ path, options }) => [path, options.token, options.key === key])).toEqual([
      ["/v1/sessions/refresh", undefined, true],
      ["/v1/allowance", "access-2", true],
    ]);
  });

  test("whose refresh was answered into the void asks with the same token again, whenever that is", async () => {
    let isLost = true;
    const { keeper, calls, ends } = await signIn(() => {
      if (isLost) throw new GaslessError("network.unreachable", "It does not answer.");
      return makeTokens("A", 2);
    });
    await expect(keeper.accessToken()).rejects.toMatchObject({ code: "network.unreachable" });
    isLost = false;
    expect(await keeper.accessToken()).toBe("access-2");
    expect([calls.map(refreshTokenOf), ends]).toEqual([["refresh-1", "refresh-1"], []]);
  });

  test("asked for by many at once is refreshed once", async () => {
    const { keeper, calls } = await signIn(() => makeTokens("A", 2));
    const tokens = await Promise.all(Array.from({ length: 10 }, () => keeper.accessToken()));
    expect([new Set(tokens), calls.length]).toEqual([new Set(["access-2"]), 1]);
  });

  test("is not over because a proof was refused: nothing is lost by it", async () => {
    const { keeper, ends } = await signIn(() => {
      throw new GaslessError("auth.proof_invalid", "The proof is not valid.");
    });
    await expect(keeper.accessToken()).rejects.toMatchObject({ code: "auth.proof_invalid" });
    expect(ends).toEqual([]);
  });

  test("that another one takes the place of is ended with its own key", async () => {
    const { keeper, key, calls } = await signIn(({ path }) => (path.endsWith("refresh") ? makeTokens("A", 2) : {}));
    const other = await createProofKey();
    await keeper.keep(makeTokens("B", 9), other, "A wallet");
    expect(calls.at(-1)).toMatchObject({ path: "/v1/sessions/current", options: { token: "access-2" } });
    // The very object: two keys look alike to a comparison.
    expect(calls.at(-1)?.options.key).toBe(key);
    await keeper.call("GET", "/v1/allowance");
    expect(calls.at(-1)?.options.token).toBe("access-9");
    expect(calls.at(-1)?.options.key).toBe(other);
  });
});

test("a session that the server did not bind stays Bearer", async () => {
  const { keeper, calls } = await signIn(() => makeTokens("A", 2, "Bearer"), "Bearer");
  expect(await keeper.authorize("GET", "/api")).toEqual({ Authorization: "Bearer access-2" });
  expect(calls[0]?.options.key).toBeUndefined();
});

describe("a call of the dapp's own backend", () => {
  test.each([
    ["a relative address", "orders?page=2#top", "https://dapp.example/shop/orders"],
    ["another origin", "https://api.dapp.example:8443/orders?page=2", "https://api.dapp.example:8443/orders"],
    ["a URL", new URL("https://api.dapp.example/"), "https://api.dapp.example/"],
  ])("to %s is proved for that address without its query", async (_what, url, htu) => {
    const { keeper } = await signIn(() => makeTokens("A", 2));
    const { Authorization, DPoP = "" } = await keeper.authorize("post", url);
    expect(Authorization).toBe("DPoP access-2");
    const { origin, pathname } = new URL(htu);
    const call = { method: "POST", path: pathname, accessToken: "access-2" };
    expect(await createDpopProofs(origin).verify(DPoP, call, Date.now())).toMatchObject({ ok: true });
  });

  test("by nobody is refused with a code", async () => {
    const { keeper } = await signIn(() => ({}));
    await keeper.signOut();
    await expect(keeper.authorize("GET", "/api")).rejects.toMatchObject({ code: "auth.token_missing" });
  });
});
