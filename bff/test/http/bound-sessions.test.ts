import { callApi, postRelay, requestChallenge, signIn } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey, type ProofParts } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { proveBy, SOLANA_METHODS } from "../support/method-proofs.ts";
import { makeProof, postRefresh, postSession, proveChallenge, type TokensBody } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** A session that is bound to a key, as the widget opens it. */
async function openBound() {
  const target = await stack.createProject();
  const key = await createProofKey();
  const tokens = (await signIn(target, await createWallet(), "message", key)) as TokensBody;
  return { target, key, tokens, token: tokens.accessToken };
}

const CURRENT = "/v1/sessions/current";

/** One call with a proof whose parts may be wrong. */
async function callWith(
  { target, token, key }: { target: Awaited<ReturnType<Stack["createProject"]>>; token: string; key: ProofKey },
  changes: Partial<ProofParts> = {},
) {
  const dpop = await key.prove({ method: "GET", url: `${target.api}${CURRENT}`, accessToken: token, ...changes });
  return callApi(target, "GET", CURRENT, { headers: { "gasless-key": "", authorization: `DPoP ${token}`, dpop } });
}

describe("a session whose challenge came with a proof of a key", () => {
  test.each(SOLANA_METHODS)("is bound to that key, signed in by %s", async (method) => {
    const target = await stack.createProject();
    const [key, wallet] = [await createProofKey(), await createWallet()];
    const opened = await postSession(target, await proveBy(method, target, wallet, key), key);
    expect(opened.status).toBe(201);
    expect(opened.body.tokenType).toBe("DPoP");
    expect(opened.body.session.amr).toEqual([method]);
    expect(decodeJwt(opened.body.accessToken)["cnf"]).toEqual({ jkt: key.thumbprint });
    const token = opened.body.accessToken;
    expect((await callApi(target, "GET", CURRENT, { token, key })).status).toBe(200);
    const refreshed = await postRefresh(target, opened.body.refreshToken, key);
    expect(refreshed.body.tokenType).toBe("DPoP");
    expect(decodeJwt(refreshed.body.accessToken)["cnf"]).toEqual({ jkt: key.thumbprint });
  });

  test("cannot be opened without the key or with another one, which burns nothing", async () => {
    const target = await stack.createProject();
    const [key, thief] = [await createProofKey(), await createProofKey()];
    const proof = await proveBy("message", target, await createWallet(), key);
    for (let attempt = 0; attempt < 6; attempt++) {
      expectProblem(await postSession(target, proof), 401, "auth.proof_invalid");
      expectProblem(await postSession(target, proof, thief), 401, "auth.proof_invalid");
    }
    expect((await postSession(target, proof, key)).status).toBe(201);
  });

  test("can be opened by its key only as what it was issued for", async () => {
    const [target, elsewhere] = [await stack.createProject(), await stack.createProject()];
    const key = await createProofKey();
    const proof = await proveBy("message", target, await createWallet(), key);
    expectProblem(await postSession(elsewhere, proof, key), 401, "auth.challenge_invalid");
    const bound = await proveBy("local", target, await createWallet(), key, { method: "message" });
    expectProblem(await postSession(target, bound, key), 401, "auth.challenge_invalid");
  });

  test("is also bound when only its opening came with a proof", async () => {
    const target = await stack.createProject();
    const key = await createProofKey();
    const opened = await postSession(target, await makeProof(target, await createWallet()), key);
    expect(opened.body.tokenType).toBe("DPoP");
    expectProblem(await callApi(target, "GET", CURRENT, { token: opened.body.accessToken }), 401, "auth.proof_invalid");
  });

  test("relays and reads with proofs, and everything else that a user may do", async () => {
    const { target, key, token } = await openBound();
    const paths = ["/v1/sessions", "/v1/wallets", "/v1/relays?limit=5", `/v1/allowance?network=${target.network}`];
    for (const path of paths) expect((await callApi(target, "GET", path, { token, key })).status).toBe(200);
    const relay = await postRelay(target, token, new Uint8Array([1]), crypto.randomUUID(), key);
    expectProblem(relay, 422, "transaction.malformed");
    expect((await callApi(target, "DELETE", CURRENT, { token, key })).status).toBe(204);
  });
});

describe("a stolen access token", () => {
  test("is refused without a proof, as Bearer and as DPoP", async () => {
    const { target, token } = await openBound();
    const bearer = await callApi(target, "GET", CURRENT, { token });
    expectProblem(bearer, 401, "auth.proof_invalid");
    expect(bearer.headers.get("www-authenticate")).toBe('DPoP error="invalid_dpop_proof", algs="ES256"');
    const headers = { authorization: `DPoP ${token}`, "gasless-key": "" };
    expectProblem(await callApi(target, "GET", CURRENT, { headers }), 401, "auth.proof_invalid");
    const spoilt = await callApi(target, "GET", CURRENT, { headers: { ...headers, authorization: "DPoP x.y.z" } });
    expectProblem(spoilt, 401, "auth.token_invalid");
    expect(spoilt.headers.get("www-authenticate")).toBe('DPoP error="invalid_token", algs="ES256"');
  });

  test("is refused with a proof of the thief's own key", async () => {
    const { target, token } = await openBound();
    const key = await createProofKey();
    expectProblem(await callApi(target, "GET", CURRENT, { token, key }), 401, "auth.proof_invalid");
    expectProblem(await postRelay(target, token, new Uint8Array([1]), "k", key), 401, "auth.proof_invalid");
  });

  test("is refused as Bearer with a genuine proof beside it", async () => {
    const { target, key, token } = await openBound();
    const dpop = await key.prove({ method: "GET", url: `${target.api}${CURRENT}`, accessToken: token });
    const headers = { authorization: `Bearer ${token}`, dpop, "gasless-key": "" };
    expectProblem(await callApi(target, "GET", CURRENT, { headers }), 401, "auth.proof_invalid");
  });

  test("that is bound to no key is no token for a thief's key either", async () => {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    const key = await createProofKey();
    expectProblem(await callApi(target, "GET", CURRENT, { token, key }), 401, "auth.token_invalid");
  });
});

describe("a stolen refresh token", () => {
  test("of a bound session changes nothing without the key, however old it is", async () => {
    const { target, key, tokens } = await openBound();
    const thief = await createProofKey();
    const second = (await postRefresh(target, tokens.refreshToken, key)).body;
    const third = (await postRefresh(target, second.refreshToken, key)).body;
    for (const { refreshToken } of [tokens, second, third]) {
      expectProblem(await postRefresh(target, refreshToken), 401, "auth.proof_invalid");
      expectProblem(await postRefresh(target, refreshToken, thief), 401, "auth.proof_invalid");
    }
    expect((await callApi(target, "GET", CURRENT, { token: third.accessToken, key })).status).toBe(200);
    expect((await postRefresh(target, third.refreshToken, key)).status).toBe(200);
  });

  test("two behind, with its key, ends the session: two hold what only one may have", async () => {
    const { target, key, tokens } = await openBound();
    const second = (await postRefresh(target, tokens.refreshToken, key)).body;
    const third = (await postRefresh(target, second.refreshToken, key)).body;
    expectProblem(await postRefresh(target, tokens.refreshToken, key), 401, "auth.refresh_reused");
    expectProblem(await postRefresh(target, third.refreshToken, key), 401, "auth.session_revoked");
  });

  test("one behind gives the same successor at any time: no answer can be lost", async () => {
    const { target, key, tokens } = await openBound();
    const { body: second } = await postRefresh(target, tokens.refreshToken, key);
    await stack.database.query("update sessions set refreshed_at = now() - interval '20 hours' where id = $1", [
      tokens.session.id,
    ]);
    const { status, body } = await postRefresh(target, tokens.refreshToken, key);
    expect([status, body.refreshToken]).toEqual([200, second.refreshToken]);
  });

  test("sent twenty times at once with its key moves the session one step, and nobody is logged out", async () => {
    const { target, key, tokens } = await openBound();
    const answers = await Promise.all(Array.from({ length: 20 }, () => postRefresh(target, tokens.refreshToken, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const [first, ...others] = new Set(answers.map(({ body }) => body.refreshToken));
    expect(others).toEqual([]);
    expect((await postRefresh(target, first ?? "", key)).status).toBe(200);
  });

  test("of a Bearer session is not bound by a proof that comes later", async () => {
    const target = await stack.createProject();
    const { refreshToken } = await signIn(target, await createWallet());
    expect((await postRefresh(target, refreshToken, await createProofKey())).body.tokenType).toBe("Bearer");
  });
});

describe("a proof", () => {
  test("works once", async () => {
    const bound = await openBound();
    const claims = { jti: crypto.randomUUID() };
    expect((await callWith(bound, { claims })).status).toBe(200);
    expectProblem(await callWith(bound, { claims }), 401, "auth.proof_invalid");
  });

  const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
  test.each<[string, (api: string) => Partial<ProofParts>]>([
    ["for another method", () => ({ method: "POST" })],
    ["for a method in another case", () => ({ method: "get" })],
    ["for another path", (api) => ({ url: `${api}/v1/sessions` })],
    ["for another host", () => ({ url: `https://evil.example${CURRENT}` })],
    ["for the URL with a query", (api) => ({ url: `${api}${CURRENT}?a=1` })],
    ["for the URL with a slash behind it", (api) => ({ url: `${api}${CURRENT}/` })],
    ["of another token", () => ({ accessToken: "another" })],
    ["of no token", () => ({ accessToken: undefined })],
    ["with an `ath` that is no text", () => ({ claims: { ath: 7 } })],
    ["of two minutes ago", () => ({ claims: { iat: seconds(-120) } })],
    ["of two minutes to come", () => ({ claims: { iat: seconds(120) } })],
    ["without a time", () => ({ claims: { iat: undefined } })],
    ["with a time that is no number", () => ({ claims: { iat: "now" } })],
    ["without a jti", () => ({ claims: { jti: undefined } })],
    ["with an empty jti", () => ({ claims: { jti: "" } })],
    ["with a jti that is no text", () => ({ claims: { jti: 7 } })],
    ["with a jti of 129 characters", () => ({ claims: { jti: "j".repeat(129) } })],
    ["of another type", () => ({ header: { typ: "at+jwt" } })],
    ["without a type", () => ({ header: { typ: undefined } })],
    ["without its key", () => ({ header: { jwk: undefined } })],
    ["with a key id in place of its key", () => ({ header: { jwk: undefined, kid: "k" } })],
  ])("%s is refused", async (_name, changes) => {
    const bound = await openBound();
    expectProblem(await callWith(bound, changes(bound.target.api)), 401, "auth.proof_invalid");
    expect((await callWith(bound)).status).toBe(200);
  });

  test("may be 50 seconds early or late", async () => {
    const bound = await openBound();
    for (const offset of [-50, 50]) {
      expect((await callWith(bound, { claims: { iat: seconds(offset) } })).status).toBe(200);
    }
  });

  test("whose header shows another key than the one that signed it is refused", async () => {
    const bound = await openBound();
    const other = await createProofKey();
    const forged = { ...bound, key: other };
    expectProblem(await callWith(forged, { header: { jwk: bound.key.publicJwk } }), 401, "auth.proof_invalid");
  });

  test("that is not one at all is refused, before a challenge and before a session", async () => {
    const { target, key, token } = await openBound();
    const genuine = await key.prove({ method: "POST", url: `${target.api}/v1/challenges` });
    const [header = "", payload = "", signature = ""] = genuine.split(".");
    const spoilt = signature.replace(/^./, signature.startsWith("A") ? "B" : "A");
    const wrong = ["x", "x.y.z", `${header}.${payload}.`, `${header}.${payload}.${spoilt}`, `${genuine}, ${genuine}`];
    const none = Buffer.from(JSON.stringify({ typ: "dpop+jwt", alg: "none", jwk: key.publicJwk })).toString(
      "base64url",
    );
    for (const dpop of [
      ...wrong,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${genuine}.a`,
      "a".repeat(3_000),
    ]) {
      const asked = await callApi(target, "POST", "/v1/challenges", {
        body: { network: target.network },
        headers: { dpop },
      });
      expectProblem(asked, 401, "auth.proof_invalid");
      const headers = { authorization: `DPoP ${token}`, "gasless-key": "", dpop };
      expectProblem(await callApi(target, "GET", CURRENT, { headers }), 401, "auth.proof_invalid");
    }
  });

  test("that a page of another origin sends does not open what its origin closes", async () => {
    const { target, key, token } = await openBound();
    const evil = { ...target, origin: "https://evil.example" };
    expectProblem(await callApi(evil, "GET", CURRENT, { token, key }), 403, "project.origin_not_allowed");
  });

  test("is not needed for a challenge or a session, which are then Bearer", async () => {
    const target = await stack.createProject();
    const proof = await proveChallenge(target, await requestChallenge(target, {}), await createWallet());
    const { body } = await postSession(target, proof);
    expect(body.tokenType).toBe("Bearer");
    expect((await callApi(target, "GET", CURRENT, { token: body.accessToken })).status).toBe(200);
  });
});
