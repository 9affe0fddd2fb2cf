import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CallApi, CallOptions } from "../api/client.ts";
import { GaslessError } from "../errors.ts";
import { createChallengeKeeper } from "./challenges.ts";
import { makeChallenge, ORIGIN } from "./test-support.ts";

beforeEach(() => void vi.stubGlobal("location", ORIGIN));
afterEach(() => void vi.unstubAllGlobals());

type Answer = (challenge: unknown) => void;

/** Answers when the test says so; `asked` are the keys that came with each question. */
function makeApi(): { callApi: CallApi; asked: (CryptoKeyPair | undefined)[]; answers: Answer[] } {
  const asked: (CryptoKeyPair | undefined)[] = [];
  const answers: Answer[] = [];
  const callApi = ((_method: string, _path: string, { key }: CallOptions) => {
    asked.push(key);
    return new Promise<unknown>((resolve) => answers.push(resolve));
  }) as CallApi;
  return { callApi, asked, answers };
}

const network = async () => "solana:localnet";
const until = (isSo: () => boolean) => vi.waitFor(() => expect(isSo()).toBe(true));

describe("a challenge", () => {
  test("stays with the key that it was asked for with, and has one of its own", async () => {
    const { callApi, asked, answers } = makeApi();
    const keeper = createChallengeKeeper(callApi, network);
    for (const id of ["0001", "0002"]) {
      const fetching = keeper.prefetch();
      await until(() => asked.length === Number(id));
      answers.at(-1)?.(makeChallenge(id));
      const { challenge, key } = await fetching;
      expect(challenge.challengeId).toBe(`chl_${id}`);
      // The very object: two keys look alike to a comparison.
      expect(key).toBe(asked.at(-1));
      expect(keeper.take()).toEqual({ challenge, key });
    }
    expect(asked[0]).not.toBe(asked[1]);
  });

  test("is asked for once, however many want it, and given out once", async () => {
    const { callApi, asked, answers } = makeApi();
    const keeper = createChallengeKeeper(callApi, network);
    const both = Promise.all([keeper.prefetch(), keeper.prefetch()]);
    await until(() => asked.length === 1);
    expect(keeper.take()).toBeUndefined();
    answers[0]?.(makeChallenge("0001"));
    const [first, second] = await both;
    expect(first).toBe(second);
    expect(await keeper.prefetch()).toBe(first);
    expect([keeper.take(), keeper.take()]).toEqual([first, undefined]);
    expect(asked).toHaveLength(1);
  });

  test("with less left than somebody needs for signing is asked for anew", async () => {
    const { callApi, asked, answers } = makeApi();
    const keeper = createChallengeKeeper(callApi, network);
    const fetching = keeper.prefetch();
    await until(() => asked.length === 1);
    answers[0]?.({ ...makeChallenge("0001"), expiresAt: "2026-01-01T00:02:00.000Z" });
    const short = await fetching;
    expect(await keeper.prefetch()).toBe(short);
    const longer = keeper.prefetch(200_000);
    await until(() => asked.length === 2);
    answers[1]?.(makeChallenge("0002"));
    expect((await longer).challenge.challengeId).toBe("chl_0002");
    expect(keeper.take(200_000)).toBe(await longer);
  });

  test("that a wallet could do nothing with is there for its next way to sign, and not after another has come", async () => {
    const { callApi, asked, answers } = makeApi();
    const keeper = createChallengeKeeper(callApi, network);
    const fetching = keeper.prefetch();
    await until(() => asked.length === 1);
    answers[0]?.(makeChallenge("0001"));
    const first = await fetching;
    expect(keeper.take()).toBe(first);
    keeper.giveBack(first);
    expect(keeper.take()).toBe(first);
    expect(keeper.take()).toBeUndefined();
    const later = keeper.prefetch();
    await until(() => asked.length === 2);
    answers[1]?.(makeChallenge("0002"));
    const second = await later;
    keeper.giveBack(first);
    expect(keeper.take()).toBe(second);
  });

  test("that is about to end is not given out any more", async () => {
    const { callApi, asked, answers } = makeApi();
    const keeper = createChallengeKeeper(callApi, network);
    const fetching = keeper.prefetch();
    await until(() => asked.length === 1);
    answers[0]?.({ ...makeChallenge("0001"), expiresAt: "2026-01-01T00:00:59.000Z" });
    await fetching;
    expect(keeper.take()).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["a line in a list of a list", { statement: [["Sign in.\n\nURI: https://bank.example"]] }],
    ["a line in a resource", { resources: ["https://dapp.example\n- https://bank.example"] }],
    ["a text where a list belongs", { resources: "https://dapp.example" }],
    ["another site's name", { domain: "bank.example" }],
    ["another site's address", { uri: "https://bank.example" }],
    ["a line of its own in a field", { statement: "Sign in.\n\nURI: https://bank.example" }],
    ["letters that look like others", { statement: "Sign in to А dapp." }],
  ])("with %s is not put to a wallet", async (_what, fields) => {
    const genuine = makeChallenge("0001");
    const keeper = createChallengeKeeper(
      (async () => ({ ...genuine, fields: { ...genuine.fields, ...fields } })) as unknown as CallApi,
      network,
    );
    await expect(keeper.prefetch()).rejects.toMatchObject({ code: "auth.challenge_invalid" });
    expect(keeper.take()).toBeUndefined();
  });
});

test("a service that knows itself by another address is said so to the developer", async () => {
  const refuse = async (): Promise<never> => {
    throw new GaslessError("auth.proof_invalid", "The proof is of another call.", { requestId: "req_1" });
  };
  const keeper = createChallengeKeeper(refuse, network);
  await expect(keeper.prefetch()).rejects.toMatchObject({
    code: "widget.misconfigured",
    message: "The attribute api must be the very address that the service knows as its own.",
    requestId: "req_1",
  });
});

test("where a page has no cryptography, its developer is told what is missing, and the server is not asked", async () => {
  vi.stubGlobal("crypto", {});
  const { callApi, asked } = makeApi();
  await expect(createChallengeKeeper(callApi, network).prefetch()).rejects.toMatchObject({
    code: "widget.misconfigured",
    message: "Signing in needs a page that came by https, or from localhost.",
  });
  expect(asked).toEqual([]);
});
