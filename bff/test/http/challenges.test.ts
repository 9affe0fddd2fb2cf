import { type ApiTarget, callApi, type ChallengeAnswer, requestChallenge } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgeNonce } from "../support/forgeries.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { fieldsOf, makeProof, postSession, proveChallenge, textOf } from "../support/proofs.ts";
import { NETWORK, ORIGIN, type Stack, startStack } from "../support/stack.ts";
import { addressOf } from "../support/wire.ts";

const DEVNET = "solana:devnet";
const OTHER_ORIGIN = "http://localhost:5173";
const TEXT_METHODS = ["message", "siws", "local"];

let stack: Stack;
beforeAll(async () => {
  // Nobody asks a node to sign in, so none has to be there.
  const nowhere = { providers: [{ name: "nowhere", url: "https://rpc.example" }] };
  const networks = { [NETWORK]: { ...nowhere, genesisHash: "local" }, [DEVNET]: nowhere };
  stack = await startStack({ bindings: { NETWORKS: JSON.stringify(networks) } });
});
afterAll(() => stack.close());

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** A challenge that the API did not give, with this nonce. */
const challengeOf = (nonce: string, fields: Readonly<Record<string, unknown>>): ChallengeAnswer => ({
  challengeId: `chl_${nonce}`,
  nonce,
  expiresAt: "",
  message: "",
  fields: { ...fields, nonce, requestId: `chl_${nonce}` },
});

/** What an attacker with this secret would make for the project; its text is the one that the API rebuilds. */
function forge(target: ApiTarget & { readonly projectId: string }, name: string, secret: string, lifeSeconds: number) {
  const expiresAtSeconds = nowSeconds() + lifeSeconds;
  const { projectId, origin, network } = target;
  const nonce = forgeNonce(secret, { projectId, origin, network, expiresAtSeconds });
  return challengeOf(nonce, {
    domain: "dapp.example",
    statement: `Sign in to ${name}. This is free and sends no transaction.`,
    uri: origin,
    version: "1",
    chainId: "localnet",
    issuedAt: new Date((expiresAtSeconds - 300) * 1000).toISOString(),
    expirationTime: new Date(expiresAtSeconds * 1000).toISOString(),
    resources: [`${target.api}/v1/projects/${projectId}`],
  });
}

describe("a challenge", () => {
  test("for an address is the text of the contract, byte for byte", async () => {
    const target = await stack.createProject({ name: "Text" });
    const { address } = await createWallet();
    const answer = await callApi<ChallengeAnswer>(target, "POST", "/v1/challenges", {
      body: { network: NETWORK, address },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { challengeId, nonce, expiresAt, message, fields } = answer.body;
    expect(nonce).toMatch(/^[0-9a-f]{64}$/);
    expect(challengeId).toBe(`chl_${nonce}`);
    expect(expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    const issuedAt = new Date(Date.parse(expiresAt) - 300_000).toISOString();
    expect(Math.abs(Date.parse(issuedAt) - Date.now())).toBeLessThan(5_000);
    expect(message).toBe(
      `dapp.example wants you to sign in with your Solana account:\n${address}\n\n` +
        `Sign in to Text. This is free and sends no transaction.\n\n` +
        `URI: https://dapp.example\nVersion: 1\nChain ID: localnet\nNonce: ${nonce}\nIssued At: ${issuedAt}\n` +
        `Expiration Time: ${expiresAt}\nRequest ID: chl_${nonce}\nResources:\n- ${stack.api}/v1/projects/${target.projectId}`,
    );
    expect(message).toMatch(/^[\n -~]+$/);
    expect(message.length).toBeLessThan(1_000);
    expect(fields).toEqual({
      domain: "dapp.example",
      address,
      statement: "Sign in to Text. This is free and sends no transaction.",
      uri: "https://dapp.example",
      version: "1",
      chainId: "localnet",
      nonce,
      issuedAt,
      expirationTime: expiresAt,
      requestId: challengeId,
      resources: [`${stack.api}/v1/projects/${target.projectId}`],
    });
  });

  test("without an address has fields from which a wallet builds the text, and stores nothing", async () => {
    const target = await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] });
    const { body } = await callApi<ChallengeAnswer>(target, "POST", "/v1/challenges", {
      body: { network: NETWORK },
      headers: { origin: OTHER_ORIGIN },
    });
    expect(Object.keys(body).toSorted()).toEqual(["challengeId", "expiresAt", "fields", "nonce"]);
    expect(body.fields).not.toHaveProperty("address");
    expect(body.fields).toMatchObject({ domain: "localhost:5173", uri: OTHER_ORIGIN });
    const { rowCount } = await stack.database.query("select from used_challenges where project_id = $1", [
      target.projectId,
    ]);
    expect(rowCount).toBe(0);
  });

  test("names a public network in full", async () => {
    const { name, publishableKey } = { name: "Public", publishableKey: "pk_test_public_network_1" };
    await stack.createProject({ name, publishableKey });
    const target = await stack.createProject({ name, publishableKey, network: DEVNET, sponsorAddress: addressOf(40) });
    expect((await requestChallenge(target, { network: DEVNET })).fields).toMatchObject({ chainId: DEVNET });
  });

  test("is another one each time", async () => {
    const target = await stack.createProject();
    const nonces = await Promise.all(
      Array.from({ length: 10 }, async () => (await requestChallenge(target, {})).nonce),
    );
    expect(new Set(nonces).size).toBe(10);
  });

  test.each("arc60 mx zero-transaction siwe eip712 nep413".split(" "))(
    "for the method %s, known but not there, is refused as unsupported",
    async (method) => {
      const target = await stack.createProject();
      const body = { network: NETWORK, method };
      expectProblem(await callApi(target, "POST", "/v1/challenges", { body }), 422, "auth.wallet_unsupported");
      const needed = method === "zero-transaction" ? { transaction: "AA==" } : {};
      const proof = { ...(await makeProof(target, await createWallet())), ...needed, method };
      expectProblem(await postSession(target, proof), 422, "auth.wallet_unsupported");
    },
  );

  test("for a method that nobody knows does not fit the schema", async () => {
    const target = await stack.createProject();
    const body = { network: NETWORK, method: "password" };
    expectInvalid(await callApi(target, "POST", "/v1/challenges", { body }), ["/method"]);
  });

  test("for a network that the project does not have, or that nobody has, is refused", async () => {
    const target = await stack.createProject();
    const ask = (network: string) => callApi(target, "POST", "/v1/challenges", { body: { network } });
    for (const network of [DEVNET, "solana:mainnet", "algorand:localnet", "eip155:1", "near:testnet"]) {
      expectProblem(await ask(network), 403, "project.network_not_enabled");
    }
    for (const network of ["solana", "solana:", "solana:other", "SOLANA:localnet", "eip155:01", "solana:localnet "]) {
      expectInvalid(await ask(network), ["/network"]);
    }
  });
});

describe("a challenge that names neither method nor address", () => {
  test.each(TEXT_METHODS)("can be redeemed with %s by any wallet", async (method) => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const { status, body } = await postSession(target, await makeProof(target, wallet, method));
    expect(status).toBe(201);
    expect(body.session).toMatchObject({ wallet: `solana:${wallet.address}`, amr: [method] });
  });
});

describe("a stolen or misused challenge opens no session:", () => {
  test("bound to a method, redeemed with another", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    for (const method of TEXT_METHODS) {
      for (const other of TEXT_METHODS.filter((candidate) => candidate !== method)) {
        const proof = await makeProof(target, wallet, other, { method });
        expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
      }
    }
  });

  test("bound to an address, redeemed by another wallet", async () => {
    const target = await stack.createProject();
    const [victim, thief] = [await createWallet(), await createWallet()];
    const proof = await makeProof(target, thief, "message", { address: victim.address });
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
  });

  test("taken on one page, redeemed on another of the same project", async () => {
    const target = await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] });
    const proof = await makeProof(target, await createWallet());
    const body = await postSession({ ...target, origin: OTHER_ORIGIN }, proof);
    expectProblem(body, 401, "auth.challenge_invalid");
    expect((await postSession(target, proof)).status).toBe(201);
  });

  test("of one project, redeemed at another", async () => {
    const [one, other] = [await stack.createProject(), await stack.createProject()];
    const proof = await makeProof(one, await createWallet());
    expectProblem(await postSession(other, proof), 401, "auth.challenge_invalid");
  });

  test("of one network, redeemed on another", async () => {
    const { name, publishableKey } = { name: "Two networks", publishableKey: "pk_test_two_networks_123" };
    const target = await stack.createProject({ name, publishableKey });
    await stack.createProject({ name, publishableKey, network: DEVNET, sponsorAddress: addressOf(40) });
    const proof = await makeProof(target, await createWallet());
    expectProblem(await postSession(target, { ...proof, network: DEVNET }), 401, "auth.challenge_invalid");
  });

  test("expired, though genuine to the last bit", async () => {
    const name = "Expiry";
    const target = await stack.createProject({ name });
    const wallet = await createWallet();
    const redeem = async (lifeSeconds: number) =>
      postSession(target, await proveChallenge(target, forge(target, name, stack.secrets.secret, lifeSeconds), wallet));
    expectProblem(await redeem(-1), 401, "auth.challenge_invalid");
    // The same forgery with time left is taken: it is the expiry that refused the other.
    expect((await redeem(60)).status).toBe(201);
  });

  test("made with another deployment's secret", async () => {
    const name = "Foreign secret";
    const target = await stack.createProject({ name });
    const challenge = forge(target, name, Buffer.alloc(32, 7).toString("base64"), 60);
    const proof = await proveChallenge(target, challenge, await createWallet());
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
  });

  test("with one bit changed, wherever it is", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const challenge = await requestChallenge(target, {});
    for (const at of [0, 11, 12, 15, 16, 31]) {
      const bytes = Buffer.from(challenge.nonce, "hex");
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const tampered = challengeOf(bytes.toString("hex"), challenge.fields);
      const proof = await proveChallenge(target, tampered, wallet);
      expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
    }
  });

  test("spelled another way, or not one at all", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    const { challengeId } = proof;
    const upper = `chl_${challengeId.slice(4).toUpperCase()}`;
    for (const spelling of [upper, challengeId.slice(4), `${challengeId}00`, challengeId.slice(0, -2), "chl_", "x"]) {
      expectProblem(await postSession(target, { ...proof, challengeId: spelling }), 401, "auth.challenge_invalid");
    }
    expect((await postSession(target, proof)).status).toBe(201);
  });

  test("signed in a text of other words", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const challenge = await requestChallenge(target, {});
    const text = textOf({ ...fieldsOf(challenge), domain: "evil.example" }, wallet.address);
    const signature = Buffer.from(await wallet.sign(new TextEncoder().encode(text))).toString("base64");
    const proof = { ...(await proveChallenge(target, challenge, wallet)), signature };
    expectProblem(await postSession(target, proof), 401, "auth.signature_invalid");
  });
});
