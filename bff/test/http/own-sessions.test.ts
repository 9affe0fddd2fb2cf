import {
  type ApiTarget,
  buildTransaction,
  callApi,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
  type Tokens,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

interface Listed {
  readonly data: readonly { readonly id: string; readonly current: boolean }[];
}

const call = <Body = Record<string, unknown>>(
  target: ApiTarget,
  method: string,
  path: string,
  { accessToken }: Tokens,
) => callApi<Body>(target, method, path, { token: accessToken });

/** Every call that takes an access token says that the session has ended. */
async function expectEnded(target: ApiTarget, tokens: Tokens): Promise<void> {
  const { accessToken: token } = tokens;
  const body = { network: target.network };
  const answers = await Promise.all([
    call(target, "GET", "/v1/sessions/current", tokens),
    call(target, "GET", "/v1/sessions", tokens),
    call(target, "DELETE", "/v1/sessions", tokens),
    call(target, "DELETE", "/v1/sessions/ses_01jf8zq0k3f7c9v2m5n8p1r4st", tokens),
    call(target, "GET", `/v1/allowance?network=${target.network}`, tokens),
    call(target, "GET", "/v1/relays", tokens),
    callApi(target, "POST", "/v1/relays/prepare", { token, body }),
  ]);
  for (const answer of answers) expectProblem(answer, 401, "auth.session_revoked");
}

async function signInTwice() {
  const target = await stack.createProject();
  const wallet = await createWallet();
  return { target, wallet, phone: await signIn(target, wallet), laptop: await signIn(target, wallet, "siws") };
}

describe("a user", () => {
  test("sees the session that asks, as it was opened", async () => {
    const target = await stack.createProject();
    const tokens = await signIn(target, await createWallet());
    const { status, body } = await call(target, "GET", "/v1/sessions/current", tokens);
    expect(status).toBe(200);
    expect(body).toEqual({ user: tokens.user, session: tokens.session });
  });

  test("sees all own sessions, newest first, and which one asks", async () => {
    const { target, phone, laptop } = await signInTwice();
    const { body } = await call<Listed>(target, "GET", "/v1/sessions", phone);
    expect(body).toEqual({
      data: [
        { ...laptop.session, current: false },
        { ...phone.session, current: true },
      ],
    });
  });

  test("ends the session that asks, and no other", async () => {
    const { target, phone, laptop } = await signInTwice();
    expect((await call(target, "DELETE", "/v1/sessions/current", phone)).status).toBe(204);
    await expectEnded(target, phone);
    const { body } = await call<Listed>(target, "GET", "/v1/sessions", laptop);
    expect(body.data.map(({ id }) => id)).toEqual([laptop.session.id]);
    // Signing out once more is no error: it is what was wanted.
    expect((await call(target, "DELETE", "/v1/sessions/current", phone)).status).toBe(204);
  });

  test("ends another of their sessions from here, as of a device that was lost", async () => {
    const { target, phone, laptop } = await signInTwice();
    expect((await call(target, "DELETE", `/v1/sessions/${phone.session.id}`, laptop)).status).toBe(204);
    await expectEnded(target, phone);
    expect((await call(target, "GET", "/v1/sessions/current", laptop)).status).toBe(200);
  });

  test("ends all of them at once, the asking one too", async () => {
    const { target, wallet, phone, laptop } = await signInTwice();
    expect((await call(target, "DELETE", "/v1/sessions", phone)).status).toBe(204);
    await expectEnded(target, phone);
    await expectEnded(target, laptop);
    expect((await signIn(target, wallet)).user).toEqual(phone.user);
  });

  test("whose session has ended gets nothing sponsored with its token", async () => {
    const { target, wallet, phone } = await signInTwice();
    const prepared = await prepareRelay(target, phone.accessToken);
    const wire = await buildTransaction(prepared, [memoBy(wallet, "too late")], [wallet]);
    await call(target, "DELETE", "/v1/sessions/current", phone);
    expectProblem(await postRelay(target, phone.accessToken, wire), 401, "auth.session_revoked");
    const { rowCount } = await stack.database.query("select from relays where project_id = $1", [target.projectId]);
    expect(rowCount).toBe(0);
  });
});

describe("a session of somebody else", () => {
  test("cannot be ended or seen, and looks as if it were not there", async () => {
    const target = await stack.createProject();
    const [own, foreign] = [await signIn(target, await createWallet()), await signIn(target, await createWallet())];
    const unknown = "/v1/sessions/ses_01jf8zq0k3f7c9v2m5n8p1r4st";
    for (const path of [`/v1/sessions/${foreign.session.id}`, unknown, "/v1/sessions/x", "/v1/sessions/%00"]) {
      expectProblem(await call(target, "DELETE", path, own), 404, "request.not_found");
    }
    await call(target, "DELETE", "/v1/sessions", own);
    expect((await call(target, "GET", "/v1/sessions/current", foreign)).status).toBe(200);
  });

  test("in another project cannot be ended by the same wallet's user here", async () => {
    const [here, there] = [await stack.createProject(), await stack.createProject()];
    const wallet = await createWallet();
    const [own, foreign] = [await signIn(here, wallet), await signIn(there, wallet)];
    expectProblem(await call(here, "DELETE", `/v1/sessions/${foreign.session.id}`, own), 404, "request.not_found");
    await call(here, "DELETE", "/v1/sessions", own);
    expect((await call(there, "GET", "/v1/sessions/current", foreign)).status).toBe(200);
  });
});
