import { callApi, requestChallenge, signIn } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DPOP_EXAMPLES } from "../support/dpop-examples.ts";
import { expectProblem } from "../support/problems.ts";
import { makeProof, postRefresh, postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe.each(DPOP_EXAMPLES)("RFC 9449's proof $name", ({ proof }) => {
  const headers = { dpop: proof };

  test("binds no challenge and opens no session, which one without it does", async () => {
    const target = await stack.createProject();
    const body = { network: target.network };
    expectProblem(await callApi(target, "POST", "/v1/challenges", { body, headers }), 401, "auth.proof_invalid");
    await requestChallenge(target, {});
    const own = await makeProof(target, await createWallet());
    expectProblem(await callApi(target, "POST", "/v1/sessions", { body: own, headers }), 401, "auth.proof_invalid");
    expect((await postSession(target, own)).status).toBe(201);
  });

  test("reads nothing of a session that is bound to a key, and refreshes none, bound or not", async () => {
    const target = await stack.createProject();
    const key = await createProofKey();
    const [bound, bare] = [
      await signIn(target, await createWallet(), "message", key),
      await signIn(target, await createWallet()),
    ];
    const own = { ...headers, authorization: `DPoP ${bound.accessToken}`, "gasless-key": "" };
    expectProblem(await callApi(target, "GET", "/v1/sessions/current", { headers: own }), 401, "auth.proof_invalid");
    for (const { refreshToken } of [bound, bare]) {
      const refreshed = await callApi(target, "POST", "/v1/sessions/refresh", { body: { refreshToken }, headers });
      expectProblem(refreshed, 401, "auth.proof_invalid");
    }
    expect((await postRefresh(target, bound.refreshToken, key)).status).toBe(200);
    expect((await postRefresh(target, bare.refreshToken)).status).toBe(200);
  });
});
