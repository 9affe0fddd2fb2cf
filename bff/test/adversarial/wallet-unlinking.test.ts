import { buildTransaction, memoBy, postRelay, prepareRelay } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  call,
  comeIn,
  comeToNewProject,
  isSignedIn,
  link,
  nameOf,
  namesOf,
  postLink,
  unlink,
} from "../support/people.ts";
import { expectProblem } from "../support/problems.ts";
import { makeProof, postRefresh, postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal } from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

describe("unlinking a wallet", () => {
  test("ends the sessions that it opened, at once, and no others", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    const [phone, laptop] = [await comeIn(person.target, second), await comeIn(person.target, second)];
    const stranger = await comeIn(person.target);
    const prepared = await prepareRelay(person.target, phone.tokens.accessToken);
    const wire = await buildTransaction(prepared, [memoBy(second, "too late")], [second]);
    expect((await unlink(person, second)).status).toBe(204);
    expectProblem(await postRelay(person.target, phone.tokens.accessToken, wire), 401, "auth.session_revoked");
    for (const device of [phone, laptop]) {
      expectProblem(await call(device, "GET", "/v1/sessions/current"), 401, "auth.session_revoked");
      const refreshed = await postRefresh(person.target, device.tokens.refreshToken);
      expectProblem(refreshed, 401, "auth.session_revoked");
    }
    expect(await isSignedIn(person)).toBe(true);
    expect(await isSignedIn(stranger)).toBe(true);
    expect(await namesOf(person)).toEqual([nameOf(person.wallet)]);
  });

  test("makes whoever signs in with it another user, who sees nothing of this one", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    await unlink(person, second);
    const later = await comeIn(person.target, second);
    expect(later.tokens.user.id).not.toBe(person.tokens.user.id);
    expect(await namesOf(later)).toEqual([nameOf(second)]);
    expectRefusal(await unlink(later, person.wallet), "request.not_found");
    const proof = await makeProof(person.target, second);
    expectRefusal(await postLink(person, proof), "auth.wallet_taken");
  });

  test("works for the wallet of the very session that asks, which ends", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    await link(person, second);
    expect((await unlink(person, person.wallet)).status).toBe(204);
    expect(await isSignedIn(person)).toBe(false);
    expect((await comeIn(person.target, second)).tokens.user.id).toBe(person.tokens.user.id);
  });

  test("takes the last one from nobody", async () => {
    const person = await comeToNewProject(stack);
    expectRefusal(await unlink(person, person.wallet), "auth.wallet_last");
    expect(await isSignedIn(person)).toBe(true);
    expect((await comeIn(person.target, person.wallet)).tokens.user.id).toBe(person.tokens.user.id);
  });

  test("of two wallets at once leaves one of them", async () => {
    for (let round = 0; round < 5; round++) {
      const person = await comeToNewProject(stack);
      const second = await createWallet();
      await link(person, second);
      const other = await comeIn(person.target, second);
      const answers = await Promise.all([unlink(person, second), unlink(other, person.wallet)]);
      // Whoever comes second finds the last wallet, or its own session ended by the first.
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      const refused = answers.find(({ status }) => status !== 204);
      const { code } = (refused?.body ?? {}) as { readonly code?: string };
      expect(["auth.wallet_last", "auth.session_revoked"]).toContain(code);
      const { rows } = await stack.database.query("select from wallets where project_id = $1", [
        person.target.projectId,
      ]);
      expect(rows).toHaveLength(1);
    }
  });

  test("while it signs in leaves no session of its old user", async () => {
    for (let round = 0; round < 4; round++) {
      const person = await comeToNewProject(stack);
      const second = await createWallet();
      await link(person, second);
      const proofs = await Promise.all(Array.from({ length: 12 }, () => makeProof(person.target, second)));
      const opening = proofs.map((proof) => postSession(person.target, proof));
      expect((await unlink(person, second)).status).toBe(204);
      const statuses = (await Promise.all(opening)).map(({ status }) => status);
      expect(statuses).toEqual(proofs.map(() => 201));
      const { rows } = await stack.database.query(
        "select id from sessions where user_id = $1 and wallet = $2 and revoked_at is null",
        [person.tokens.user.id, nameOf(second)],
      );
      expect(rows).toEqual([]);
    }
  });

  test("that is not the user's, or no wallet at all, finds nothing", async () => {
    const person = await comeToNewProject(stack);
    const stranger = await comeIn(person.target);
    await link(person, await createWallet());
    const { address } = person.wallet;
    const paths = [
      nameOf(stranger.wallet),
      address,
      `solana:${address}%20`,
      `SOLANA:${address}`,
      `solana:1${address}`,
      `algorand:${address}`,
      "x",
      "%27%20or%201%3D1",
      "%F0%9F%92%A9",
    ];
    for (const path of paths) {
      expectRefusal(await call(person, "DELETE", `/v1/wallets/${path}`), "request.not_found");
    }
    expect(await namesOf(person)).toHaveLength(2);
    expect(await isSignedIn(stranger)).toBe(true);
  });

  test("whose name holds what no text of SQL can hold finds nothing too", async () => {
    const person = await comeToNewProject(stack);
    for (const path of ["%00", `solana:${person.wallet.address}%00`, "solana:%00"]) {
      expectRefusal(await call(person, "DELETE", `/v1/wallets/${path}`), "request.not_found");
    }
  });

  test("takes the colon of its name in both spellings", async () => {
    const person = await comeToNewProject(stack);
    const second = await createWallet();
    for (const path of [`solana:${second.address}`, `solana%3A${second.address}`, `solana%3a${second.address}`]) {
      await link(person, second);
      expect((await call(person, "DELETE", `/v1/wallets/${path}`)).status).toBe(204);
      expect(await namesOf(person)).toEqual([nameOf(person.wallet)]);
    }
  });
});
