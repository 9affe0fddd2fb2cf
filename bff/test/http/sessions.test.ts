import { type ApiTarget, requestChallenge, signIn, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { makeProof, postSession, proveChallenge } from "../support/proofs.ts";
import { wipeRedis } from "../support/redis.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => stack.redis.setMode("pass"));

const DAY_MS = 24 * 3_600_000;

async function count(table: "sessions" | "users" | "wallets", { projectId }: { projectId: string }): Promise<number> {
  const { rows } = await stack.database.query<{ count: string }>(
    `select count(*) as count from ${table} where project_id = $1`,
    [projectId],
  );
  return Number(rows[0]?.count);
}

const times = <Value>(amount: number, work: () => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: amount }, work));

const wrongSignature = toBase64(new Uint8Array(64).fill(9));

/** A proof that is wrong, of a challenge that is genuine. */
async function spoil(target: ApiTarget) {
  const proof = await makeProof(target, await createWallet());
  return { proof, wrong: { ...proof, signature: wrongSignature } };
}

describe("a session", () => {
  test.each(["message", "siws", "local"])("opens with %s and says what the contract says", async (method) => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const answer = await postSession(target, await makeProof(target, wallet, method));
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const owned = `solana:${wallet.address}`;
    expect(answer.body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^rt1\.k1\.ses_[0-9a-z]{26}\.0\.[A-Za-z0-9_-]{43}$/),
      tokenType: "Bearer",
      expiresIn: 300,
      user: { id: expect.stringMatching(/^usr_[0-9a-z]{26}$/), wallets: [{ wallet: owned, linkedAt: time }] },
      session: {
        id: expect.stringMatching(/^ses_[0-9a-z]{26}$/),
        network: target.network,
        wallet: owned,
        amr: [method],
        createdAt: time,
        idleExpiresAt: time,
        expiresAt: time,
      },
    });
    const { createdAt, idleExpiresAt, expiresAt } = answer.body.session as unknown as Record<string, string>;
    expect(Date.parse(idleExpiresAt ?? "") - Date.parse(createdAt ?? "")).toBe(DAY_MS);
    expect(Date.parse(expiresAt ?? "") - Date.parse(createdAt ?? "")).toBe(7 * DAY_MS);
  });

  test("with siws needs the message that the wallet signed, and exactly that one", async () => {
    const target = await stack.createProject();
    const { signedMessage, ...bare } = await makeProof(target, await createWallet(), "siws");
    expectInvalid(await postSession(target, bare), ["/signedMessage"]);
    const other = toBase64(Buffer.concat([Buffer.from(signedMessage ?? "", "base64"), Buffer.from("\n")]));
    const altered = { ...bare, signedMessage: other };
    expectProblem(await postSession(target, altered), 401, "auth.signature_invalid");
    expect((await postSession(target, { ...bare, signedMessage })).status).toBe(201);
  });

  test("refuses a key beside the address, and a transaction where a text is signed", async () => {
    const target = await stack.createProject();
    const [wallet, other] = [await createWallet(), await createWallet()];
    const proof = await makeProof(target, wallet);
    const foreign = { ...proof, publicKey: other.address };
    expectProblem(await postSession(target, foreign), 401, "auth.signature_invalid");
    expectInvalid(await postSession(target, { ...proof, transaction: "AAAA" }), ["/transaction"]);
    expect((await postSession(target, { ...proof, publicKey: wallet.address })).status).toBe(201);
  });

  test("belongs to the same user each time that the wallet comes, and to another one in another project", async () => {
    const [target, elsewhere] = [await stack.createProject(), await stack.createProject()];
    const wallet = await createWallet();
    const first = await signIn(target, wallet);
    const second = await signIn(target, wallet, "siws");
    expect(second.user).toEqual(first.user);
    expect(second.session.id).not.toBe(first.session.id);
    expect((await signIn(elsewhere, wallet)).user.id).not.toBe(first.user.id);
  });
});

describe("many at once:", () => {
  test("twenty redemptions of one proof open exactly one session", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    const answers = await times(20, () => postSession(target, proof));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 401, "auth.challenge_invalid");
    }
    expect(await count("sessions", target)).toBe(1);
  });

  test("twenty first sign-ins of a new wallet make one user", async () => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const proofs = await times(20, () => makeProof(target, wallet));
    const answers = await Promise.all(proofs.map((proof) => postSession(target, proof)));
    expect(answers.map(({ status }) => status)).toEqual(proofs.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1);
    expect(await count("users", target)).toBe(1);
    expect(await count("wallets", target)).toBe(1);
    expect(await count("sessions", target)).toBe(20);
  });
});

describe("a used nonce cannot open a second session", () => {
  test("at once or later", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    expect((await postSession(target, proof)).status).toBe(201);
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
  });

  test("by another wallet, when the challenge was bound to none", async () => {
    const target = await stack.createProject();
    const challenge = await requestChallenge(target, {});
    const [first, second] = [await createWallet(), await createWallet()];
    expect((await postSession(target, await proveChallenge(target, challenge, first))).status).toBe(201);
    const again = await proveChallenge(target, challenge, second);
    expectProblem(await postSession(target, again), 401, "auth.challenge_invalid");
  });

  test("while Redis is down", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    await stack.redis.setMode("refuse");
    expect((await postSession(target, proof)).status).toBe(201);
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
    expect(await count("sessions", target)).toBe(1);
  });

  test("after Redis has lost everything", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    expect((await postSession(target, proof)).status).toBe(201);
    await wipeRedis(stack);
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
    expect(await count("sessions", target)).toBe(1);
  });
});

describe("guessing", () => {
  test("five wrong proofs burn a challenge, its own right one included", async () => {
    const target = await stack.createProject();
    const { proof, wrong } = await spoil(target);
    for (let attempt = 0; attempt < 5; attempt++) {
      expectProblem(await postSession(target, wrong), 401, "auth.signature_invalid");
    }
    expectProblem(await postSession(target, wrong), 401, "auth.challenge_invalid");
    expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
  });

  test("four wrong proofs do not, and another challenge has its own count", async () => {
    const target = await stack.createProject();
    const { proof, wrong } = await spoil(target);
    for (let attempt = 0; attempt < 4; attempt++) await postSession(target, wrong);
    const other = await spoil(target);
    expectProblem(await postSession(target, other.wrong), 401, "auth.signature_invalid");
    expect((await postSession(target, proof)).status).toBe(201);
  });

  test("nobody can burn a challenge that is not theirs to prove", async () => {
    const [target, attacker] = [await stack.createProject(), await stack.createProject()];
    const { proof, wrong } = await spoil(target);
    // Its MAC does not hold at another project, nor for an address that it is not bound to.
    for (let attempt = 0; attempt < 6; attempt++) {
      expectProblem(await postSession(attacker, wrong), 401, "auth.challenge_invalid");
    }
    expect((await postSession(target, proof)).status).toBe(201);
  });

  test("wrong proofs are not counted while Redis is down, and nobody gets in by that", async () => {
    const target = await stack.createProject();
    const { proof, wrong } = await spoil(target);
    await stack.redis.setMode("refuse");
    for (let attempt = 0; attempt < 7; attempt++) {
      expectProblem(await postSession(target, wrong), 401, "auth.signature_invalid");
    }
    await stack.redis.setMode("pass");
    expect((await postSession(target, proof)).status).toBe(201);
  });
});
