import { callApi, postRelay, prepareRelay, requestChallenge, signIn, type Tokens } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { memo } from "../support/instructions.ts";
import { proveBy, SOLANA_METHODS } from "../support/method-proofs.ts";
import { expectProblem } from "../support/problems.ts";
import { postSession, proveChallenge, type TokensBody } from "../support/proofs.ts";
import { countSessions } from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { type Visitor, wireOf } from "../support/visitor.ts";

const AT_ONCE = 50;
/** So high that a tenth of it, which is what each isolate lets through without Redis, is still enough. */
const UNHURRIED = { addressRequestsPerMinute: 100_000, addressSignInsPerMinute: 100_000 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => stack.redis.setMode("pass"));

type Target = Awaited<ReturnType<Stack["createProject"]>>;

/** Asserts that of many at once one opened a session, and that the others were refused with one of these codes. */
async function expectOneSession(
  target: Target,
  post: () => ReturnType<typeof postSession>,
  codes: readonly ErrorCode[] = ["auth.challenge_invalid"],
): Promise<void> {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, post));
  const [opened, ...more] = answers.filter(({ status }) => status === 201);
  expect(more).toEqual([]);
  expect(opened?.body.session.id).toMatch(/^ses_/);
  for (const answer of answers.filter((one) => one !== opened)) {
    const { code } = answer.body as { readonly code?: string };
    expect(codes).toContain(code);
    expectProblem(answer, 401, code as ErrorCode);
  }
  expect(await countSessions(stack, target)).toBe(1);
}

const REDIS = [
  ["with Redis", "pass"],
  ["without Redis", "refuse"],
] as const;

describe.each(REDIS)("fifty verifications of one proof at once, %s,", (_name, mode) => {
  test.each(SOLANA_METHODS)("open one session by %s", async (method) => {
    const target = await stack.createProject(UNHURRIED);
    const proof = await proveBy(method, target, await createWallet());
    await stack.redis.setMode(mode);
    await expectOneSession(target, () => postSession(target, proof));
  });

  test("open one session that is bound to its key, each with a fresh proof of it", async () => {
    const target = await stack.createProject(UNHURRIED);
    const key = await createProofKey();
    const proof = await proveBy("message", target, await createWallet(), key);
    await stack.redis.setMode(mode);
    await expectOneSession(target, () => postSession(target, proof, key));
  });

  test("of a challenge that fifty wallets prove open one session, of one of them", async () => {
    const target = await stack.createProject(UNHURRIED);
    const challenge = await requestChallenge(target, {});
    const wallets = await Promise.all(Array.from({ length: AT_ONCE }, () => createWallet()));
    const proofs = await Promise.all(wallets.map((wallet) => proveChallenge(target, challenge, wallet)));
    await stack.redis.setMode(mode);
    await expectOneSession(target, () => postSession(target, proofs.pop() ?? {}));
    const { rows } = await stack.database.query("select wallet from wallets where project_id = $1", [target.projectId]);
    expect(rows).toHaveLength(1);
  });

  test("with one proof of their key, sent again and again, open one session too", async () => {
    const target = await stack.createProject(UNHURRIED);
    const key = await createProofKey();
    const proof = await proveBy("message", target, await createWallet(), key);
    const dpop = await key.prove({ method: "POST", url: `${target.api}/v1/sessions` });
    await stack.redis.setMode(mode);
    const send = () => callApi<TokensBody>(target, "POST", "/v1/sessions", { body: proof, headers: { dpop } });
    await expectOneSession(target, send, ["auth.proof_invalid", "auth.challenge_invalid"]);
  });
});

describe("a proof of a key that was taken", () => {
  test("is a replay also when Redis, which was asked the first time, is gone", async () => {
    const target = await stack.createProject(UNHURRIED);
    const key = await createProofKey();
    const { accessToken } = await signIn(target, await createWallet(), "message", key);
    const path = "/v1/sessions/current";
    const dpop = await key.prove({ method: "GET", url: `${target.api}${path}`, accessToken });
    const headers = { authorization: `DPoP ${accessToken}`, "gasless-key": "", dpop };
    expect((await callApi(target, "GET", path, { headers })).status).toBe(200);
    await stack.redis.setMode("refuse");
    expectProblem(await callApi(target, "GET", path, { headers }), 401, "auth.proof_invalid");
  });
});

interface Device extends Visitor {
  readonly tokens: TokensBody;
  readonly key: ProofKey | undefined;
}

/** A signed-in device with a signed transaction at hand, which would be sponsored. */
async function openDevice(target: Target, wallet: LocalWallet, key?: ProofKey) {
  const tokens = (await signIn(target, wallet, "message", key)) as TokensBody;
  const { feePayer, lifetime } = await prepareRelay(target, tokens.accessToken, key);
  const { blockhash } = lifetime;
  const token = tokens.accessToken;
  const device: Device = { target, wallet, tokens, token, key, userId: tokens.user.id, sponsor: feePayer, blockhash };
  return { device, wire: await wireOf(device, [memo([wallet.address], crypto.randomUUID())]) };
}

const postFrom = ({ target, token, key }: Device, wire: Uint8Array) =>
  postRelay(target, token, wire, crypto.randomUUID(), key);

const call = (target: Target, { accessToken }: Tokens, method: string, path: string, key?: ProofKey) =>
  callApi(target, method, path, { token: accessToken, ...(key && { key }) });

/** Ends a session from elsewhere. */
const ENDINGS: readonly (readonly [string, (stolen: Device, elsewhere: Device) => ReturnType<typeof call>])[] = [
  [
    "by another session of its user",
    ({ target, tokens }, { tokens: own, key }) => call(target, own, "DELETE", `/v1/sessions/${tokens.session.id}`, key),
  ],
  ["by signing out everywhere", ({ target }, { tokens: own, key }) => call(target, own, "DELETE", "/v1/sessions", key)],
  ["by itself", ({ target, tokens, key }) => call(target, tokens, "DELETE", "/v1/sessions/current", key)],
];

describe("a session that was ended", () => {
  const openTwo = async (isBound: boolean) => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const keys = isBound ? [await createProofKey(), await createProofKey()] : [];
    return {
      target,
      stolen: await openDevice(target, wallet, keys[0]),
      elsewhere: (await openDevice(target, wallet, keys[1])).device,
    };
  };

  describe.each([
    ["bound to a key", true],
    ["bound to none", false],
  ] as const)("%s", (_name, isBound) => {
    test.each(ENDINGS)("%s relays nothing from that moment on", async (_how, end) => {
      const { target, stolen, elsewhere } = await openTwo(isBound);
      expect((await postFrom(stolen.device, stolen.wire)).status).toBe(202);
      const next = await wireOf(stolen.device, [memo([stolen.device.wallet.address], "after the end")]);
      expect((await end(stolen.device, elsewhere)).status).toBe(204);
      expectProblem(await postFrom(stolen.device, next), 401, "auth.session_revoked");
      const prepared = await callApi(target, "POST", "/v1/relays/prepare", {
        token: stolen.device.token,
        key: stolen.device.key,
        body: { network: target.network },
      });
      expectProblem(prepared, 401, "auth.session_revoked");
      const { rowCount } = await stack.database.query("select from relays where project_id = $1", [target.projectId]);
      expect(rowCount).toBe(1);
    });
  });

  test("in the middle of a burst has relayed nothing that was asked for afterwards", async () => {
    const { target, stolen, elsewhere } = await openTwo(false);
    const wires = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        wireOf(stolen.device, [memo([stolen.device.wallet.address], `burst ${index}`)]),
      ),
    );
    const burst = wires.slice(0, 6).map((wire) => postFrom(stolen.device, wire));
    const ended = await call(target, elsewhere.tokens, "DELETE", `/v1/sessions/${stolen.device.tokens.session.id}`);
    expect(ended.status).toBe(204);
    const late = await Promise.all(wires.slice(6).map((wire) => postFrom(stolen.device, wire)));
    for (const answer of late) expectProblem(answer, 401, "auth.session_revoked");
    const early = (await Promise.all(burst)).filter(({ status }) => status === 202);
    const { rowCount } = await stack.database.query("select from relays where project_id = $1", [target.projectId]);
    expect(rowCount).toBe(early.length);
  });
});
