import { buildTransaction, memoBy, postRelay, prepareRelay } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proveBy, SOLANA_METHODS } from "../support/method-proofs.ts";
import {
  call,
  comeIn,
  comeToNewProject,
  link,
  listOf,
  nameOf,
  namesOf,
  type Person,
  postLink,
  unlink,
} from "../support/people.ts";
import { makeProof, postRefresh, postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal } from "../support/visitor.ts";

const MAX_WALLETS = 20;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("a user", () => {
  test.each(SOLANA_METHODS)("links one more wallet by %s, which then signs in as the same user", async (method) => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    const linked = await postLink(person, await proveBy(method, person.target, second));
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect({ status: linked.status, body: linked.body }).toEqual({
      status: 201,
      body: { wallet: nameOf(second), linkedAt: time },
    });
    const first = { ...person.tokens.user.wallets[0], linkedAt: time };
    expect(await listOf(person)).toEqual([first, linked.body]);
    const again = await comeIn(person.target, second);
    expect(again.tokens.user).toEqual({ id: person.tokens.user.id, wallets: [first, linked.body] });
    expect(again.tokens.session.wallet).toBe(nameOf(second));
    expect((await comeIn(person.target, person.wallet)).tokens.user).toEqual(again.tokens.user);
  });

  test("links a wallet again, and it is as it was", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    const linked = await link(person, second);
    expect(await link(person, second)).toEqual(linked);
    const [first] = await listOf(person);
    expect(await link(person, person.wallet)).toEqual(first);
    expect(await namesOf(person)).toEqual([nameOf(person.wallet), nameOf(second)]);
  });

  test("sees the same wallets from every session, and after a refresh", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    const { body } = await postRefresh(person.target, person.tokens.refreshToken);
    expect(body.user.wallets).toEqual(await listOf(person));
    const current = await call<{ user: unknown }>(await comeIn(person.target, second), "GET", "/v1/sessions/current");
    expect(current.body.user).toEqual(body.user);
  });

  test("cannot take a wallet that is another user's, and the attempt uses up its challenge", async () => {
    const person = await comeToNewProject(stack);
    const other = await comeIn(person.target);
    const proof = await makeProof(person.target, other.wallet);
    expectRefusal(await postLink(person, proof), "auth.wallet_taken");
    expect(await namesOf(person)).toEqual([nameOf(person.wallet)]);
    expect(await namesOf(other)).toEqual([nameOf(other.wallet)]);
    expect((await comeIn(person.target, other.wallet)).tokens.user.id).toBe(other.tokens.user.id);
  });

  test("has the same wallet in another project as another user, and links it there alone", async () => {
    const person = await comeToNewProject(stack);
    const elsewhere = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    expect(await namesOf(elsewhere)).toEqual([nameOf(elsewhere.wallet)]);
    expect((await comeIn(elsewhere.target, second)).tokens.user.id).not.toBe(person.tokens.user.id);
    expectRefusal(await unlink(elsewhere, second), "request.not_found");
    expect(await namesOf(person)).toEqual([nameOf(person.wallet), nameOf(second)]);
  });

  test("has twenty wallets and not one more, until one is taken away", async () => {
    const person = await comeToNewProject(stack);
    const wallets = await Promise.all(Array.from({ length: MAX_WALLETS }, () => createWallet()));
    const [spare, ...more] = wallets;
    for (const wallet of more) await link(person, wallet);
    if (!spare) throw new Error("there is no wallet");
    const proof = await makeProof(person.target, spare);
    const { context } = expectRefusal(await postLink(person, proof), "auth.wallet_limit_reached");
    expect(context).toEqual({ limit: MAX_WALLETS });
    expect(await namesOf(person)).toHaveLength(MAX_WALLETS);
    // One that is there already is no more than that.
    await link(person, more[0] ?? spare);
    expect((await unlink(person, more[0] ?? spare)).status).toBe(204);
    await link(person, spare);
    expect(await namesOf(person)).toHaveLength(MAX_WALLETS);
  });

  test("who links thirty wallets at once has twenty", async () => {
    const person = await comeToNewProject(stack);
    const wallets = await Promise.all(Array.from({ length: 30 }, () => createWallet()));
    const proofs = await Promise.all(wallets.map((wallet) => makeProof(person.target, wallet)));
    const answers = await Promise.all(proofs.map((proof) => postLink(person, proof)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(MAX_WALLETS - 1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectRefusal(answer, "auth.wallet_limit_reached");
    }
    expect(await namesOf(person)).toHaveLength(MAX_WALLETS);
  });
});

describe("a wallet that two users link at the same time", () => {
  test("is one user's, and the other is told so", async () => {
    const target = await stack.createProject();
    const people = await Promise.all(Array.from({ length: 8 }, () => comeIn(target)));
    const contested = await createWallet();
    const proofs = await Promise.all(people.map(() => makeProof(target, contested)));
    const answers = await Promise.all(people.map((person, index) => postLink(person, proofs[index] ?? {})));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectRefusal(answer, "auth.wallet_taken");
    const owner = people[answers.findIndex(({ status }) => status === 201)];
    expect((await comeIn(target, contested)).tokens.user.id).toBe(owner?.tokens.user.id);
  });

  test("and signs in at the same time is one user's for all of them", async () => {
    const person = await comeToNewProject(stack);
    const { target } = person;
    const second = await createWallet();
    const [proof, ...proofs] = await Promise.all(Array.from({ length: 9 }, () => makeProof(target, second)));
    const [linked, ...opened] = await Promise.all([
      postLink(person, proof ?? {}),
      ...proofs.map((one) => postSession(target, one)),
    ]);
    const users = new Set(opened.map(({ status, body }) => (status === 201 ? body.user.id : `status ${status}`)));
    expect(users.size).toBe(1);
    const isOurs = users.has(person.tokens.user.id);
    expect(linked.status).toBe(isOurs ? 201 : 409);
    expect((await namesOf(person)).includes(nameOf(second))).toBe(isOurs);
  });
});

describe("a transaction", () => {
  const relay = async (person: Person, signer: LocalWallet) => {
    const { target, tokens } = person;
    const prepared = await prepareRelay(target, tokens.accessToken);
    const wire = await buildTransaction(prepared, [memoBy(signer, crypto.randomUUID())], [signer]);
    return postRelay(target, tokens.accessToken, wire);
  };

  test("that a linked wallet signs is sponsored, though another one has opened the session", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    expect((await relay(person, second)).status).toBe(202);
    expect((await relay(await comeIn(person.target, second), person.wallet)).status).toBe(202);
  });

  test("that a wallet signs which is not linked, or not any more, or another user's is not", async () => {
    const person = await comeToNewProject(stack);
    const [second, stranger] = [await createWallet(), await comeIn(person.target)];
    expectRefusal(await relay(person, second), "transaction.signature_missing");
    expectRefusal(await relay(person, stranger.wallet), "transaction.signature_missing");
    await link(person, second);
    expect((await relay(person, second)).status).toBe(202);
    await unlink(person, second);
    expectRefusal(await relay(person, second), "transaction.signature_missing");
  });

  test("that a wallet signs which the user has in another project is not", async () => {
    const [person, elsewhere] = [await comeToNewProject(stack), await comeToNewProject(stack)];
    const second = await createWallet();
    await link(elsewhere, second);
    expectRefusal(await relay(person, second), "transaction.signature_missing");
  });
});
