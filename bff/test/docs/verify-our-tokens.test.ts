import type { SeededProject } from "@gasless/db/factories";
import { type ApiTarget, callApi, signIn, type Tokens } from "@gasless/localnet/api-client";
import { findFreePort } from "@gasless/localnet/ports";
import { createProofKey, type ProofKey, type ProofParts } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import {
  calculateJwkThumbprint,
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Backend,
  blocksOf,
  type ExampleFolder,
  startNodeBackend,
  startWorkerBackend,
  writeExamples,
} from "../support/example-backends.ts";
import { type Stack, startStack } from "../support/stack.ts";

type HeaderSet = Readonly<Record<string, string>>;

let stack: Stack;
let target: ApiTarget & SeededProject;
let folder: ExampleFolder;
const backends = new Map<string, Backend>();
let key: ProofKey;
let bound: Tokens;
let unbound: Tokens;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
  folder = writeExamples();
  const settings = { api: stack.api, projectId: target.projectId, origins: [target.origin] };
  backends.set("Node", await startNodeBackend(folder, settings));
  backends.set("Workers", await startWorkerBackend(await folder.bundleWorker(), settings));
  key = await createProofKey();
  [bound, unbound] = [await signInAnew(key), await signInAnew()];
});
afterAll(async () => {
  await Promise.all(Array.from(backends.values(), (backend) => backend.stop()));
  folder.remove();
  await stack.close();
});

const signInAnew = async (proofKey?: ProofKey, method: "message" | "local" = "message") =>
  signIn(target, await createWallet(), method, proofKey);

/** What the page's `wallet.authorize` gives, with whatever a test wants to be wrong. */
async function authorize(method: string, url: string, token: string, wrong: Partial<ProofParts> = {}, by = key) {
  const proof = await by.prove({ method, url, accessToken: token, ...wrong });
  return { Authorization: `DPoP ${token}`, DPoP: proof };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** The bound session's token with changes, signed with the deployment's own key unless another one is given. */
async function forge(header: object, claims: object = {}, by?: CryptoKey | Uint8Array): Promise<string> {
  const own = await importJWK(stack.secrets.tokenKeys[0] ?? {}, "ES256");
  return new SignJWT({ ...decodeJwt(bound.accessToken), ...claims })
    .setProtectedHeader({ alg: "ES256", ...decodeProtectedHeader(bound.accessToken), ...header })
    .sign(by ?? own);
}

const readAs = async ({ url }: Backend, headers: HeaderSet) => {
  const response = await fetch(`${url}/me`, { headers });
  return { status: response.status, text: await response.text(), challenge: response.headers.get("www-authenticate") };
};

/** Runs the page's own code as it is printed, on these addresses; gives what its last call answered. */
async function runPrinted(block: number, { url: backend }: Backend, token: string): Promise<Response> {
  const code = (blocksOf("js")[block] ?? "")
    .replaceAll("https://backend.example", backend)
    .replaceAll("https://api.example", stack.api)
    .replace(/^(?:const response = )?await fetch/m, "return fetch");
  const wallet = { authorize: (method: string, url: string) => authorize(method, url, token) };
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion -- it is the page's code that is tested
  const run = new Function("wallet", `return (async () => { ${code} })()`) as (_: object) => Promise<Response>;
  return run(wallet);
}

/** Tokens that are forged, each with a proof that would do. */
const FORGED_TOKENS: Readonly<Record<string, () => Promise<string>>> = {
  "of another project": () => forge({}, { aud: "prj_other" }),
  "of several projects, ours among them not": () => forge({}, { aud: ["prj_one", "prj_other"] }),
  "of another issuer": () => forge({}, { iss: "https://evil.example" }),
  "of another page of the project": () => forge({}, { origin: "https://staging.dapp.example" }),
  "of another type": () => forge({ typ: "JWT" }),
  "that is a proof": () => forge({ typ: "dpop+jwt" }),
  "that is an operator's": () => forge({ typ: "manage+jwt" }),
  "without a type": () => forge({ typ: undefined }),
  "that has expired": () => forge({}, { iat: nowSeconds() - 400, exp: nowSeconds() - 10 }),
  "that never expires": () => forge({}, { exp: undefined }),
  "bound in a way that nobody knows": () => forge({}, { cnf: { "x5t#S256": "thumbprint" } }),
  "without a signature (alg none)": async () => {
    const [, claims = ""] = bound.accessToken.split(".");
    return `${encode({ ...decodeProtectedHeader(bound.accessToken), alg: "none" })}.${claims}.`;
  },
  "with the public key as an HMAC secret (HS256)": async () => {
    const { keys } = (await (await fetch(`${stack.api}/.well-known/jwks.json`)).json()) as { keys: object[] };
    return forge({ alg: "HS256" }, {}, new TextEncoder().encode(JSON.stringify(keys[0])));
  },
  "with a key of the attacker's own in its header": async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    return forge({ jwk: await exportJWK(publicKey) }, {}, privateKey);
  },
  "with a key of the attacker's own behind its address": async () =>
    forge({ jku: "https://evil.example/jwks.json" }, {}, (await generateKeyPair("ES256")).privateKey),
  "with a key id that nobody published": async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    return forge({ kid: await calculateJwkThumbprint(await exportJWK(publicKey)) }, {}, privateKey);
  },
  "that says something else than was signed": async () => {
    const [head, , signature] = bound.accessToken.split(".");
    return `${head}.${encode({ ...decodeJwt(bound.accessToken), sub: "solana:other" })}.${signature}`;
  },
  "with white space in it": async () => bound.accessToken.replace(".", ". "),
  "that is no token": async () => "token",
};

/** What may be wrong about the headers of a genuine bound token. */
const WRONG_PROOFS: Readonly<Record<string, (url: string, token: string) => Promise<HeaderSet>>> = {
  "no proof": async (_url, token) => ({ Authorization: `DPoP ${token}` }),
  "no proof, called Bearer": async (_url, token) => ({ Authorization: `Bearer ${token}` }),
  "its proof, called Bearer": async (url, token) => ({
    ...(await authorize("GET", url, token)),
    Authorization: `Bearer ${token}`,
  }),
  "a proof of another key": async (url, token) => authorize("GET", url, token, {}, await createProofKey()),
  "a proof of another key that shows the right one": async (url, token) =>
    authorize("GET", url, token, { header: { jwk: key.publicJwk } }, await createProofKey()),
  "a proof for another method": (url, token) => authorize("POST", url, token),
  "a proof for another path": (url, token) => authorize("GET", `${url}/else`, token),
  "a proof for another server": (_url, token) => authorize("GET", "https://other.example/me", token),
  "a proof for another token": (url, token) => authorize("GET", url, token, { accessToken: unbound.accessToken }),
  "a proof for no token": (url, token) => authorize("GET", url, token, { accessToken: undefined }),
  "a proof of a while ago": (url, token) => authorize("GET", url, token, { claims: { iat: nowSeconds() - 90 } }),
  "a proof of the time to come": (url, token) => authorize("GET", url, token, { claims: { iat: nowSeconds() + 90 } }),
  "a proof without a time": (url, token) => authorize("GET", url, token, { claims: { iat: undefined } }),
  "a proof without an id": (url, token) => authorize("GET", url, token, { claims: { jti: undefined } }),
  "a proof with a very long id": (url, token) => authorize("GET", url, token, { claims: { jti: "j".repeat(1_000) } }),
  "a proof of another type": (url, token) => authorize("GET", url, token, { header: { typ: "JWT" } }),
  "a proof without its key": (url, token) => authorize("GET", url, token, { header: { jwk: undefined } }),
  "a proof with half a key": (url, token) => authorize("GET", url, token, { header: { jwk: { kty: "EC" } } }),
  "a proof whose key is no point": (url, token) =>
    authorize("GET", url, token, { header: { jwk: { ...key.publicJwk, x: key.publicJwk.y } } }),
  "two proofs": async (url, token) => {
    const { DPoP } = await authorize("GET", url, token);
    return { ...(await authorize("GET", url, token)), DPoP: `${DPoP}, ${DPoP}` };
  },
  "something else as a proof": async (_url, token) => ({ Authorization: `DPoP ${token}`, DPoP: "proof" }),
};

test("the examples' types are right under the strictest settings", { timeout: 60_000 }, () => folder.checkTypes());

describe.each(["Node", "Workers"])("the example for %s", (runtime) => {
  const open = () => backends.get(runtime) ?? expect.fail("it has not started");

  test("knows who calls by a bound token and its proof", async () => {
    const { status, text } = await readAs(open(), await authorize("GET", `${open().url}/me`, bound.accessToken));
    expect(JSON.parse(text)).toEqual({
      id: bound.user.id,
      wallet: bound.session.wallet,
      sessionId: bound.session.id,
      origin: target.origin,
      isLowAssurance: false,
    });
    expect(status).toBe(200);
  });

  test("knows who calls by the token alone where the session has no key", async () => {
    const { status, text } = await readAs(open(), { Authorization: `Bearer ${unbound.accessToken}` });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ id: unbound.user.id, isLowAssurance: false });
  });

  test("ignores the query, as the proof does", async () => {
    const url = `${open().url}/me`;
    const headers = await authorize("GET", url, bound.accessToken);
    expect((await fetch(`${url}?page=2`, { headers })).status).toBe(200);
  });

  test("takes a proof once, also when it comes twice at the same time", async () => {
    const headers = await authorize("GET", `${open().url}/me`, bound.accessToken);
    const answers = await Promise.all(Array.from({ length: 5 }, () => readAs(open(), headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
    expect((await readAs(open(), headers)).status).toBe(401);
  });

  test.each(Object.keys(FORGED_TOKENS))("refuses a token %s, whatever its proof", async (name) => {
    const token = (await FORGED_TOKENS[name]?.()) ?? "";
    const refusal = { status: 401, text: "", challenge: 'DPoP error="invalid_token", algs="ES256"' };
    expect(await readAs(open(), await authorize("GET", `${open().url}/me`, token))).toEqual(refusal);
    expect(await readAs(open(), { Authorization: `Bearer ${token}` })).toEqual(refusal);
  });

  test.each(Object.keys(WRONG_PROOFS))("refuses a bound token with %s", async (name) => {
    const headers = (await WRONG_PROOFS[name]?.(`${open().url}/me`, bound.accessToken)) ?? {};
    expect(await readAs(open(), headers)).toMatchObject({ status: 401, text: "" });
  });

  test("refuses an unbound token that is said to be bound, and a call without any", async () => {
    expect((await readAs(open(), await authorize("GET", `${open().url}/me`, unbound.accessToken))).status).toBe(401);
    expect((await readAs(open(), {})).status).toBe(401);
    expect((await readAs(open(), { Authorization: "Basic dXNlcjpwYXNz" })).status).toBe(401);
  });

  test("pays out by the page's own code while the session is open, and not a moment longer", async () => {
    const { accessToken: token } = await signInAnew(key);
    const run = () => runPrinted(1, open(), token);
    expect((await run()).status).toBe(204);

    const url = `${stack.api}/v1/sessions/current`;
    const { DPoP: dpop } = await authorize("DELETE", url, token);
    const ended = await callApi(target, "DELETE", "/v1/sessions/current", {
      token,
      headers: { authorization: `DPoP ${token}`, dpop },
    });
    expect(ended.status).toBe(204);
    expect((await run()).status).toBe(403);
    // As the page says: who asks nobody sees it only when the token has run out.
    expect((await readAs(open(), await authorize("GET", `${open().url}/me`, token))).status).toBe(200);
  });

  test("says that a sign-in without a prompt is of low assurance, and pays nothing out to it", async () => {
    const { accessToken } = await signInAnew(undefined, "local");
    const headers = { Authorization: `Bearer ${accessToken}` };
    expect(JSON.parse((await readAs(open(), headers)).text)).toMatchObject({ isLowAssurance: true });
    expect((await fetch(`${open().url}/payout`, { method: "POST", headers })).status).toBe(403);
  });

  test("is called by the page's own code", async () => {
    expect((await runPrinted(0, open(), bound.accessToken)).status).toBe(200);
  });
});

test("a backend that cannot read the keys says that it cannot tell, and not that the user is wrong", async () => {
  const api = `http://127.0.0.1:${await findFreePort("127.0.0.1")}`;
  const lost = await startNodeBackend(folder, { api, projectId: target.projectId, origins: [target.origin] });
  try {
    expect((await readAs(lost, { Authorization: `Bearer ${unbound.accessToken}` })).status).toBe(503);
  } finally {
    await lost.stop();
  }
});
