import { type ApiTarget, callApi, signIn, type Tokens } from "@gasless/localnet/api-client";
import type { SeededProject } from "@gasless/db/factories";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import {
  calculateJwkThumbprint,
  type CryptoKey,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { send } from "../support/send.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let target: ApiTarget & SeededProject;
let wallet: LocalWallet;
let tokens: Tokens;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
  wallet = await createWallet();
  tokens = await signIn(target, wallet);
});
afterAll(() => stack.close());

const readJwks = () => send<JSONWebKeySet>(stack, "GET", "/.well-known/jwks.json");
const readCurrent = (token: string, target_: ApiTarget = target) =>
  callApi(target_, "GET", "/v1/sessions/current", { token });

interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: JWTPayload;
  readonly key?: CryptoKey | Uint8Array;
}

/** The genuine token with changes, signed with the deployment's own key unless another one is given. */
async function forge({ header = {}, claims = {}, key }: Forgery): Promise<string> {
  const own = await importJWK(stack.secrets.tokenKeys[0] ?? {}, "ES256");
  const protectedHeader = { ...decodeProtectedHeader(tokens.accessToken), ...header };
  return new SignJWT({ ...decodeJwt(tokens.accessToken), ...claims })
    .setProtectedHeader({ alg: "ES256", ...protectedHeader })
    .sign(key ?? own);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe("an access token", () => {
  test("is verified by a dapp's own backend with the published keys alone", async () => {
    const { body, headers } = await readJwks();
    expect(headers.get("access-control-allow-origin")).toBe("*");
    const options = { issuer: stack.api, audience: target.projectId, typ: "at+jwt", algorithms: ["ES256"] };
    const { payload, protectedHeader } = await jwtVerify(tokens.accessToken, createLocalJWKSet(body), options);
    const { kty = "", crv = "", x = "", y = "" } = stack.secrets.tokenKeys[0] ?? {};
    expect(protectedHeader).toEqual({
      typ: "at+jwt",
      alg: "ES256",
      kid: await calculateJwkThumbprint({ kty, crv, x, y }),
    });
    expect(payload).toEqual({
      iss: stack.api,
      aud: target.projectId,
      sub: `solana:${wallet.address}`,
      uid: tokens.user.id,
      sid: tokens.session.id,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 300,
      amr: ["message"],
      origin: target.origin,
    });
    expect(Math.abs((payload.iat ?? 0) - nowSeconds())).toBeLessThan(60);
  });

  test("has keys published without their secret part", async () => {
    const { body } = await readJwks();
    const { x, y } = stack.secrets.tokenKeys[0] ?? {};
    const kid = await calculateJwkThumbprint({ kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" });
    expect(body.keys).toEqual([{ kty: "EC", crv: "P-256", x, y, kid, alg: "ES256", use: "sig" }]);
  });

  test("is another one each time, also for the same session", async () => {
    const again = await signIn(target, wallet);
    expect(decodeJwt(again.accessToken).jti).not.toBe(decodeJwt(tokens.accessToken).jti);
  });

  test("is taken under any case of the word Bearer", async () => {
    const headers = { origin: target.origin, authorization: `bearer ${tokens.accessToken}` };
    expect((await send(stack, "GET", "/v1/sessions/current", { headers })).status).toBe(200);
  });

  test("signed by us but expired is expired, with a few seconds of grace", async () => {
    const expired = await forge({ claims: { iat: nowSeconds() - 400, exp: nowSeconds() - 60 } });
    const answer = await readCurrent(expired);
    expectProblem(answer, 401, "auth.token_expired");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect((await readCurrent(await forge({ claims: { exp: nowSeconds() - 2 } }))).status).toBe(200);
  });

  test("that is missing is missing, not invalid", async () => {
    const answer = await send(stack, "GET", "/v1/sessions/current", { headers: { origin: target.origin } });
    expectProblem(answer, 401, "auth.token_missing");
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });
});

describe("a forged access token is refused:", () => {
  const refuse = async (token: string) => {
    const answer = await readCurrent(token);
    expectProblem(answer, 401, "auth.token_invalid");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  };

  test("without a signature (alg none)", async () => {
    for (const alg of ["none", "None", "NONE"]) {
      const head = encode({ ...decodeProtectedHeader(tokens.accessToken), alg });
      const [, claims = "", signature = ""] = tokens.accessToken.split(".");
      await refuse(`${head}.${claims}.`);
      await refuse(`${head}.${claims}.${signature}`);
    }
  });

  test("with the public key as an HMAC secret (HS256)", async () => {
    const { body } = await readJwks();
    for (const secret of [JSON.stringify(body.keys[0]), String(body.keys[0]?.x)]) {
      await refuse(await forge({ header: { alg: "HS256" }, key: new TextEncoder().encode(secret) }));
    }
  });

  test("with a key of the attacker's own, named by kid or brought along as jwk", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    await refuse(await forge({ key: privateKey }));
    await refuse(await forge({ key: privateKey, header: { kid: await calculateJwkThumbprint(jwk) } }));
    await refuse(await forge({ key: privateKey, header: { jwk } }));
    await refuse(await forge({ key: privateKey, header: { jku: "https://evil.example/jwks.json" } }));
  });

  test("of another type, though the same key signed it", async () => {
    for (const typ of ["JWT", "manage+jwt", "dpop+jwt", "", undefined]) await refuse(await forge({ header: { typ } }));
  });

  test("of another issuer, or for an audience that is no project", async () => {
    await refuse(await forge({ claims: { iss: "https://evil.example" } }));
    await refuse(await forge({ claims: { iss: `${stack.api}/` } }));
    await refuse(await forge({ claims: { aud: "prj_00000000000000000000000000" } }));
    await refuse(await forge({ claims: { aud: [target.projectId] } }));
  });

  test("without one of its claims, or with one of another kind", async () => {
    for (const claim of ["iss", "aud", "sub", "uid", "sid", "jti", "iat", "exp", "amr", "origin"]) {
      await refuse(await forge({ claims: { [claim]: undefined } }));
      // An id of ours may be anything: it is never read.
      if (claim !== "jti") await refuse(await forge({ claims: { [claim]: {} } }));
    }
  });

  test("with one character changed, wherever it is", async () => {
    const { accessToken } = tokens;
    for (const at of [5, accessToken.indexOf(".") + 8, accessToken.length - 20]) {
      const other = accessToken[at] === "A" ? "B" : "A";
      await refuse(accessToken.slice(0, at) + other + accessToken.slice(at + 1));
    }
  });

  test("that is not a token at all", async () => {
    for (const text of [
      "x",
      "a.b.c",
      "..",
      "sk_live_0123456789abcdef",
      "e".repeat(5_000),
      tokens.accessToken.slice(1),
    ]) {
      await refuse(text);
    }
    for (const authorization of [`DPoP ${tokens.accessToken}`, `Basic ${tokens.accessToken}`, tokens.accessToken]) {
      const answer = await send(stack, "GET", "/v1/sessions/current", {
        headers: { origin: target.origin, authorization },
      });
      expectProblem(answer, 401, "auth.token_invalid");
    }
  });

  test("a refresh token in its place", () => refuse(tokens.refreshToken));

  test("with another project's id and our session: it sees nothing there", async () => {
    const elsewhere = await stack.createProject();
    const answer = await readCurrent(await forge({ claims: { aud: elsewhere.projectId } }), elsewhere);
    expectProblem(answer, 401, "auth.session_revoked");
  });
});
