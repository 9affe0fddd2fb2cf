import { callApi, signIn } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { type CryptoKey, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { mirrorSignature, signJws } from "../support/jws-spellings.ts";
import { type Stack, startStack } from "../support/stack.ts";

const CURRENT = "/v1/sessions/current";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

type Target = Awaited<ReturnType<Stack["createProject"]>>;

interface Signed {
  readonly target: Target;
  readonly token: string;
  readonly sessionId: string;
}

async function comeIn(key?: ProofKey): Promise<Signed> {
  const target = await stack.createProject();
  const { accessToken: token, session } = await signIn(target, await createWallet(), "message", key);
  return { target, token, sessionId: session.id };
}

const readCurrent = ({ target, token }: Signed, key?: ProofKey) => callApi(target, "GET", CURRENT, { token, key });

/** The token is refused, and the one that it was made of still works. */
async function refuse(signed: Signed, token: string): Promise<void> {
  expectProblem(await readCurrent({ ...signed, token }), 401, "auth.token_invalid");
  expect((await readCurrent(signed)).status).toBe(200);
}

interface Changes {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The genuine token with changes, signed by the deployment's own key. */
async function resign({ token }: Signed, { header, claims }: Changes): Promise<string> {
  // Bytes come back for symmetric keys alone.
  const own = (await importJWK(stack.secrets.tokenKeys[0] ?? {}, "ES256")) as CryptoKey;
  return signJws({ ...decodeProtectedHeader(token), ...header }, { ...decodeJwt(token), ...claims }, own);
}

/** The same, signed by an attacker's key of any kind. */
const signAnew = ({ token }: Signed, key: CryptoKey, header: Changes["header"] = {}): Promise<string> =>
  new SignJWT(decodeJwt(token))
    .setProtectedHeader({ ...decodeProtectedHeader(token), alg: "ES256", ...header })
    .sign(key);

const partsOf = (token: string): readonly [string, string, string] => {
  const [head = "", payload = "", signature = ""] = token.split(".");
  return [head, payload, signature];
};

/** A part's JSON with changes, encoded once more. */
const reencode = (part: string, changes: Readonly<Record<string, unknown>>): string => {
  const value = JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...value, ...changes })).toString("base64url");
};

describe("an access token is refused", () => {
  test.each(["RS256", "PS256", "ES384", "EdDSA"])(
    "when it is signed by %s, with a key of the attacker's own",
    async (alg) => {
      const signed = await comeIn();
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      const jwk = await exportJWK(publicKey);
      await refuse(signed, await signAnew(signed, privateKey, { alg }));
      await refuse(signed, await signAnew(signed, privateKey, { alg, jwk }));
    },
  );

  test.each(["es256", "ES256K", "ES384", "HS256", "RS256", "dir", ""])(
    "when it says %s of itself and is ours otherwise",
    async (alg) => {
      const signed = await comeIn();
      const [head, payload, signature] = partsOf(signed.token);
      await refuse(signed, `${reencode(head, { alg })}.${payload}.${signature}`);
    },
  );

  test("when its own key comes along in any of the ways that a header has", async () => {
    const signed = await comeIn();
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const jwks = `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [jwk] }))}`;
    const headers = [
      { jwk },
      { jwk, kid: undefined },
      { x5c: ["MIIB"] },
      { x5u: "https://evil.example/cert" },
      { jku: jwks },
      { jku: jwks, kid: undefined },
      { x5t: "x" },
    ];
    for (const header of headers) await refuse(signed, await signAnew(signed, privateKey, header));
  });

  test("when it names no key, or one that is not ours, though ours has signed it", async () => {
    const signed = await comeIn();
    const { kid = "" } = decodeProtectedHeader(signed.token);
    for (const other of [undefined, "", "x", `${kid} `, kid.slice(1), kid.toUpperCase(), "../kid", "0"]) {
      await refuse(signed, await resign(signed, { header: { kid: other } }));
    }
  });

  test("when its header asks for what nobody here understands, though ours has signed it", async () => {
    const signed = await comeIn();
    const headers = [
      { crit: ["gasless"], gasless: true },
      { crit: ["exp"], exp: 1 },
      { crit: [] },
      { crit: ["b64"], b64: false },
    ];
    for (const header of headers) await refuse(signed, await resign(signed, { header }));
  });

  test("when it is the payload of one and the signature of another", async () => {
    const [one, other] = [await comeIn(), await comeIn()];
    const [head, payload] = partsOf(one.token);
    const [, , signature] = partsOf(other.token);
    await refuse(one, `${head}.${payload}.${signature}`);
  });

  test("when anything stands in it that is no letter of base64url", async () => {
    const signed = await comeIn();
    const [head, payload, signature] = partsOf(signed.token);
    const spoilt = [
      `${head}=.${payload}.${signature}`,
      `${head}.${payload}==.${signature}`,
      `${head}.${payload}.${signature}==`,
      `${head}.${payload.slice(0, 9)} ${payload.slice(9)}.${signature}`,
      `${head}.${payload}. ${signature}`,
      `${head} .${payload}.${signature}`,
      `${head}.${payload}.${signature.slice(0, 9)}\t${signature.slice(9)}`,
      `${head}.${payload}.${signature.slice(1)}+`,
      `${head}.${payload}.${signature}/`,
    ];
    for (const token of spoilt) await refuse(signed, token);
  });

  test("when it has another number of parts", async () => {
    const signed = await comeIn();
    const [head, payload, signature] = partsOf(signed.token);
    const spoilt = [
      `${signed.token}.`,
      `${signed.token}.${signature}`,
      `.${signed.token}`,
      `${head}.${payload}`,
      `${head}..${signature}`,
      `${head}.${payload}.`,
      `${signed.token}.${payload}.${signature}`,
      `${head}.${payload}.${signature}.${head}.${payload}.${signature}`,
    ];
    for (const token of spoilt) await refuse(signed, token);
  });

  test("when it is for two, is not valid yet, or has a time that is none, though ours has signed it", async () => {
    const signed = await comeIn();
    const { projectId } = signed.target;
    const changes = [
      { aud: [projectId, "prj_other"] },
      { exp: "never" },
      { exp: null },
      { exp: [9_999_999_999] },
      { nbf: Math.floor(Date.now() / 1000) + 3_600 },
      { iat: "now" },
    ];
    for (const claims of changes) await refuse(signed, await resign(signed, { claims }));
  });
});

describe("the key that an access token is bound to", () => {
  test("cannot be taken off it, put on it or exchanged without breaking its signature", async () => {
    const [key, thief] = [await createProofKey(), await createProofKey()];
    const [bound, bare] = [await comeIn(key), await comeIn()];
    const [head, payload, signature] = partsOf(bound.token);
    for (const cnf of [undefined, {}, { jkt: thief.thumbprint }]) {
      const token = `${head}.${reencode(payload, { cnf })}.${signature}`;
      for (const by of [undefined, thief]) {
        expectProblem(await readCurrent({ ...bound, token }, by), 401, "auth.token_invalid");
      }
    }
    const [bareHead, barePayload, bareSignature] = partsOf(bare.token);
    const put = `${bareHead}.${reencode(barePayload, { cnf: { jkt: thief.thumbprint } })}.${bareSignature}`;
    expectProblem(await readCurrent({ ...bare, token: put }, thief), 401, "auth.token_invalid");
    expect((await readCurrent(bound, key)).status).toBe(200);
    expect((await readCurrent(bare)).status).toBe(200);
  });

  test("that cannot be read is not the same as none", async () => {
    const signed = await comeIn();
    for (const cnf of [null, "x", 7, {}, { jkt: 7 }, { jkt: null }, { "x5t#S256": "x" }, []]) {
      const token = await resign(signed, { claims: { cnf } });
      expectProblem(await readCurrent({ ...signed, token }), 401, "auth.token_invalid");
    }
  });
});

describe("the second spelling that every ES256 signature has", () => {
  test("makes no second session of an access token: it ends with the first", async () => {
    const signed = await comeIn();
    const mirrored = { ...signed, token: mirrorSignature(signed.token) };
    expect(mirrored.token).not.toBe(signed.token);
    expect((await readCurrent(mirrored)).status).toBe(200);
    await callApi(signed.target, "DELETE", CURRENT, { token: signed.token });
    expectProblem(await readCurrent(signed), 401, "auth.session_revoked");
    expectProblem(await readCurrent(mirrored), 401, "auth.session_revoked");
  });

  test("makes no second proof of a key: it is a replay", async () => {
    const key = await createProofKey();
    const { target, token } = await comeIn(key);
    const proof = await key.prove({ method: "GET", url: `${target.api}${CURRENT}`, accessToken: token });
    const send = (dpop: string) =>
      callApi(target, "GET", CURRENT, { headers: { authorization: `DPoP ${token}`, "gasless-key": "", dpop } });
    expect((await send(proof)).status).toBe(200);
    expectProblem(await send(mirrorSignature(proof)), 401, "auth.proof_invalid");
  });

  test("and an access token in it needs proofs of its own: they name the string that is sent", async () => {
    const key = await createProofKey();
    const { target, token } = await comeIn(key);
    const mirrored = mirrorSignature(token);
    const dpop = await key.prove({ method: "GET", url: `${target.api}${CURRENT}`, accessToken: token });
    const headers = { authorization: `DPoP ${mirrored}`, "gasless-key": "", dpop };
    expectProblem(await callApi(target, "GET", CURRENT, { headers }), 401, "auth.proof_invalid");
  });
});
