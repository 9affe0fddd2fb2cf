import { callApi, requestChallenge } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { altering } from "../support/dishonest-wallets.ts";
import { forgeNonce } from "../support/forgeries.ts";
import { proveBy, SOLANA_METHODS } from "../support/method-proofs.ts";
import { call, comeIn, comeToNewProject, nameOf, namesOf, type Person, postLink, unlink } from "../support/people.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { fieldsOf, makeProof, postSession, proveChallenge } from "../support/proofs.ts";
import { send } from "../support/send.ts";
import { countSessions } from "../support/sign-in-attempts.ts";
import { ORIGIN, type Stack, startStack } from "../support/stack.ts";

const OTHER_ORIGIN = "https://other.example";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("a proof that links a wallet", () => {
  test("opens no session afterwards, and one that opened a session links nothing", async () => {
    const person = await comeToNewProject(stack);
    const { target } = person;
    const linking = await makeProof(target, await createWallet());
    expect((await postLink(person, linking)).status).toBe(201);
    expectProblem(await postSession(target, linking), 401, "auth.challenge_invalid");
    expectProblem(await postLink(person, linking), 401, "auth.challenge_invalid");
    const opening = await makeProof(target, await createWallet());
    expect((await postSession(target, opening)).status).toBe(201);
    expectProblem(await postLink(person, opening), 401, "auth.challenge_invalid");
    expect(await namesOf(person)).toHaveLength(2);
  });

  test("does one of the two when it is sent to both at once", async () => {
    const person = await comeToNewProject(stack);
    const proof = await makeProof(person.target, await createWallet());
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 ? postLink(person, proof) : postSession(person.target, proof),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const wallets = (await namesOf(person)).length;
    expect(wallets + (await countSessions(stack, person.target))).toBe(3);
  });

  test("of an expired or another project's challenge links nothing", async () => {
    const [person, elsewhere] = [await comeToNewProject(stack), await comeToNewProject(stack)];
    const { target } = person;
    const second = await createWallet();
    const foreign = await makeProof(elsewhere.target, second);
    expectProblem(await postLink(person, foreign), 401, "auth.challenge_invalid");
    const { projectId, origin, network } = target;
    const expiresAtSeconds = Math.floor(Date.now() / 1000) - 1;
    const nonce = forgeNonce(stack.secrets.secret, { projectId, origin, network, expiresAtSeconds });
    const challenge = await requestChallenge(target, {});
    const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString();
    const times = { issuedAt: timeOf(expiresAtSeconds - 300), expirationTime: timeOf(expiresAtSeconds) };
    const fields = { ...fieldsOf(challenge), ...times, nonce, requestId: `chl_${nonce}` };
    const expired = await proveChallenge(target, { ...challenge, challengeId: `chl_${nonce}`, nonce, fields }, second);
    expectProblem(await postLink(person, expired), 401, "auth.challenge_invalid");
    expect(await namesOf(person)).toEqual([nameOf(person.wallet)]);
  });

  test("of another origin's challenge links nothing", async () => {
    const person = await comeIn(await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] }));
    const proof = await makeProof({ ...person.target, origin: OTHER_ORIGIN }, await createWallet());
    expectProblem(await postLink(person, proof), 401, "auth.challenge_invalid");
    const there = { ...person, target: { ...person.target, origin: OTHER_ORIGIN } };
    expectProblem(await postLink(there, proof), 403, "project.origin_not_allowed");
  });

  test.each(SOLANA_METHODS)(
    "by %s has to be that wallet's own, and five wrong ones burn their challenge",
    async (method) => {
      const person = await comeToNewProject(stack);
      const second = await createWallet();
      const spoilt = altering(second, (signature) => signature.fill((signature[40] ?? 0) ^ 1, 40, 41));
      const wrong = await proveBy(method, person.target, spoilt);
      for (let attempt = 0; attempt < 5; attempt++) {
        expectProblem(await postLink(person, wrong), 401, "auth.signature_invalid");
      }
      expectProblem(await postLink(person, wrong), 401, "auth.challenge_invalid");
      expect(await namesOf(person)).toEqual([nameOf(person.wallet)]);
    },
  );

  test("needs a session, of this project and not ended", async () => {
    const [person, elsewhere] = [await comeToNewProject(stack), await comeToNewProject(stack)];
    const proof = await makeProof(person.target, await createWallet());
    const body = proof;
    expectProblem(await callApi(person.target, "POST", "/v1/wallets", { body }), 401, "auth.token_missing");
    expectProblem(await postLink(elsewhere, proof), 401, "auth.challenge_invalid");
    await call(person, "DELETE", "/v1/sessions/current");
    expectProblem(await postLink(person, proof), 401, "auth.session_revoked");
    expectProblem(await call(person, "GET", "/v1/wallets"), 401, "auth.session_revoked");
    expectProblem(await unlink(person, person.wallet), 401, "auth.session_revoked");
    // What an ended session has asked for has not used up the challenge.
    const again = await comeIn(person.target, person.wallet);
    expect((await postLink(again, proof)).status).toBe(201);
  });

  test("has to fit its schema, its type and 8 KiB", async () => {
    const person = await comeToNewProject(stack);
    const proof = await makeProof(person.target, await createWallet());
    expectInvalid(await postLink(person, { ...proof, userId: person.tokens.user.id }), ["/userId"]);
    expectInvalid(await postLink(person, { ...proof, address: "x" }), ["/address"]);
    const text = JSON.stringify(proof);
    const padded = text + " ".repeat(8_193 - text.length);
    expectProblem(await call(person, "POST", "/v1/wallets", padded), 413, "request.too_large");
    const { target, tokens } = person;
    const headers = { origin: target.origin, authorization: `Bearer ${tokens.accessToken}` };
    const untyped = await send(target, "POST", "/v1/wallets", { headers, body: text });
    expectProblem(untyped, 415, "request.unsupported_media_type");
    expect((await call(person, "POST", "/v1/wallets", padded.slice(0, -1))).status).toBe(201);
  });
});

describe("under a session that is bound to a key", () => {
  const comeBound = async (): Promise<Person> =>
    comeIn(await stack.createProject(), await createWallet(), await createProofKey());

  test("wallets are listed, linked and unlinked with proofs of that key alone", async () => {
    const person = await comeBound();
    const second = await createWallet();
    const thief = { ...person, key: await createProofKey() };
    const bare = { ...person, key: undefined };
    const proof = await proveBy("message", person.target, second, person.key);
    for (const other of [thief, bare]) {
      expectProblem(await call(other, "GET", "/v1/wallets"), 401, "auth.proof_invalid");
      expectProblem(await postLink(other, proof), 401, "auth.proof_invalid");
      expectProblem(await unlink(other, person.wallet), 401, "auth.proof_invalid");
    }
    expect((await postLink(person, proof)).status).toBe(201);
    expect((await unlink(person, second)).status).toBe(204);
  });

  test("a challenge that another key has asked for links nothing, and one that no key has asked for does", async () => {
    const person = await comeBound();
    const second = await createWallet();
    const foreign = await proveBy("message", person.target, second, await createProofKey());
    expectProblem(await postLink(person, foreign), 401, "auth.proof_invalid");
    expect((await postLink(person, await proveBy("message", person.target, second))).status).toBe(201);
  });

  test("the challenge of that key links nothing under a session that has none", async () => {
    const person = await comeBound();
    const bearer = await comeIn(person.target, person.wallet);
    const proof = await proveBy("message", person.target, await createWallet(), person.key);
    expectProblem(await postLink(bearer, proof), 401, "auth.proof_invalid");
    expect((await postLink(person, proof)).status).toBe(201);
  });
});
