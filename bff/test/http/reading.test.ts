import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const NOBODYS_RELAY = "/v1/relays/rly_01jf8zq0k3f7c9v2m5n8p1r4st";

const read = async <Body>(target: ApiTarget, path: string, token?: string) =>
  callApi<Body>(target, "GET", path, { token: token ?? (await signIn(target, await createWallet())).accessToken });

describe("the configuration", () => {
  test("says what a page needs to know, and nothing of policy or limits", async () => {
    const target = await stack.createProject({ name: "Shown" });
    const answer = await callApi(target, "GET", "/v1/config");
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      project: { id: target.projectId, name: "Shown", environment: "test" },
      networks: [{ network: target.network, sponsorAddress: stack.secrets.sponsorAddress, explorer: null }],
      signInMethods: ["siws", "message", "offchain", "memo-transaction", "local"],
      theme: {},
      locale: "en",
    });
  });
});

describe("the allowance", () => {
  interface Limits {
    readonly limits: readonly { readonly window: string; readonly unit: string; readonly resetsAt: string | null }[];
  }

  test("gives each limit of the user as decimal strings, with the end of its UTC window", async () => {
    const day = { subjectKind: "user", window: "day" } as const;
    const limits = [
      { ...day, unit: "relays", amount: 20n },
      { ...day, unit: "fee", amount: 123_456_789_012_345_678_901n },
      { ...day, window: "hour", unit: "fee", amount: 5n },
      { ...day, window: "month", unit: "rent", amount: 7n },
      { ...day, window: "lifetime", unit: "relays", amount: 1_000n },
      { subjectKind: "project", window: "day", unit: "fee", amount: 1n },
    ] as const;
    const target = await stack.createProject({ limits });
    const { status, body } = await read<Limits>(target, `/v1/allowance?network=${target.network}`);
    expect(status).toBe(200);
    const { rows } = await stack.database.query<Record<string, Date>>(
      `select date_trunc('hour', now(), 'UTC') + interval '1 hour' as hour,
        date_trunc('day', now(), 'UTC') + interval '1 day' as day,
        (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as month`,
    );
    const endOf = (window: string) => rows[0]?.[window]?.toISOString() ?? null;
    expect(body).toEqual({ network: target.network, limits: expect.any(Array) });
    expect(new Set(body.limits)).toEqual(
      new Set(
        limits
          .filter(({ subjectKind }) => subjectKind === "user")
          .map(({ window, unit, amount }) => ({
            window,
            unit,
            limit: amount.toString(),
            used: "0",
            held: "0",
            resetsAt: endOf(window),
          })),
      ),
    );
    expect(endOf("day")).toMatch(/T00:00:00\.000Z$/);
  });

  test("without limits is an empty list: everything absent is unlimited", async () => {
    const target = await stack.createProject({ limits: [] });
    const { body } = await read<Limits>(target, `/v1/allowance?network=${target.network}`);
    expect(body.limits).toEqual([]);
  });

  test("needs one network that the project has", async () => {
    const target = await stack.createProject();
    const { accessToken } = await signIn(target, await createWallet());
    const ask = (query: string) => read(target, `/v1/allowance${query}`, accessToken);
    expectInvalid(await ask(""), ["/network"]);
    expectInvalid(await ask("?network=solana"), ["/network"]);
    expectInvalid(await ask("?network=solana:localnet&user=usr_1"), ["/user"]);
    expectProblem(await ask("?network=solana:devnet"), 403, "project.network_not_enabled");
  });
});

describe("the parameters of reading relays", () => {
  test.each(["wait=26", "wait=-1", "wait=1.5", "wait=", "wait=x", "wait=07", "wait=1e1"])(
    "refuse %s: it is no whole number of seconds up to 25",
    async (query) => {
      const target = await stack.createProject();
      const { accessToken } = await signIn(target, await createWallet());
      expectInvalid(await read(target, `${NOBODYS_RELAY}?${query}`, accessToken), ["/wait"]);
    },
  );

  test("refuse a state that is none, and a parameter that nobody knows", async () => {
    const target = await stack.createProject();
    const { accessToken } = await signIn(target, await createWallet());
    expectInvalid(await read(target, `${NOBODYS_RELAY}?after=done`, accessToken), ["/after"]);
    expectInvalid(await read(target, `${NOBODYS_RELAY}?until=signed`, accessToken), ["/until"]);
    for (const [query, field] of Object.entries({ "limit=0": "limit", "limit=101": "limit", "cursor=1": "cursor" })) {
      expectInvalid(await read(target, `/v1/relays?${query}`, accessToken), [`/${field}`]);
    }
  });

  test("that are right lead to a relay or to none, at once", async () => {
    const target = await stack.createProject();
    const { accessToken } = await signIn(target, await createWallet());
    for (const query of ["", "?wait=0", "?wait=25&after=signed"]) {
      expectProblem(await read(target, `${NOBODYS_RELAY}${query}`, accessToken), 404, "relay.not_found");
    }
    expectProblem(await read(target, "/v1/relays/x", accessToken), 404, "relay.not_found");
  });
});
