import { callApi, type ChallengeAnswer, requestChallenge } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgeNonce } from "../support/forgeries.ts";
import { SOLANA_METHODS } from "../support/method-proofs.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { fieldsOf, makeProof } from "../support/proofs.ts";
import {
  type Attempt,
  countSessions,
  expectOnlyGenuine,
  expectOpened,
  expectRefused,
  proveGenuinely,
  tryMethods,
  withNewChallenge,
} from "../support/sign-in-attempts.ts";
import { NETWORK, ORIGIN, type Stack, startStack } from "../support/stack.ts";
import { addressOf } from "../support/wire.ts";

const OTHER_ORIGIN = "https://other.example";
const DEVNET = "solana:devnet";

let stack: Stack;
beforeAll(async () => {
  // Nobody asks a node to sign in, so the second network needs none.
  const nowhere = { providers: [{ name: "nowhere", url: "https://rpc.example" }] };
  const networks = { [NETWORK]: { ...nowhere, genesisHash: "local" }, [DEVNET]: nowhere };
  stack = await startStack({ bindings: { NETWORKS: JSON.stringify(networks) } });
});
afterAll(() => stack.close());

/** The same challenge with another life, under a genuine MAC: what a deployment gave earlier, or a clock that ran ahead. */
function withLife({ target, challenge }: Attempt, lifeSeconds: number): ChallengeAnswer {
  const expiresAtSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
  const { projectId, origin, network } = target;
  const nonce = forgeNonce(stack.secrets.secret, { projectId, origin, network, expiresAtSeconds });
  const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const challengeId = `chl_${nonce}`;
  const times = { issuedAt: timeOf(expiresAtSeconds - 300), expirationTime: timeOf(expiresAtSeconds) };
  return {
    ...challenge,
    challengeId,
    nonce,
    fields: { ...fieldsOf(challenge), ...times, nonce, requestId: challengeId },
  };
}

describe("a proof, by any method,", () => {
  test("of a used challenge opens nothing more, by its wallet or by another", async () => {
    await tryMethods(stack, async (attempt) => {
      const proof = await proveGenuinely(attempt);
      await expectOpened(attempt, proof);
      await expectRefused(attempt, proof, "auth.challenge_invalid");
      const other = await proveGenuinely({ ...attempt, wallet: await createWallet() });
      await expectRefused(attempt, other, "auth.challenge_invalid");
    });
  });

  test("of a challenge that has expired opens nothing, and one with a moment left does", async () => {
    await tryMethods(stack, async (attempt) => {
      for (const lifeSeconds of [-1, -300, -86_400]) {
        const late = { ...attempt, challenge: withLife(attempt, lifeSeconds) };
        await expectRefused(late, await proveGenuinely(late), "auth.challenge_invalid");
      }
      const timely = { ...attempt, challenge: withLife(attempt, 60) };
      await expectOpened(timely, await proveGenuinely(timely));
    });
  });

  test("of a challenge whose expiry was moved opens nothing", async () => {
    await tryMethods(stack, async (attempt) => {
      const { nonce } = attempt.challenge;
      for (const expiry of ["00000000", "ffffffff", "7fffffff"]) {
        const moved = nonce.slice(0, 24) + expiry + nonce.slice(32);
        const challengeId = `chl_${moved}`;
        const fields = { ...fieldsOf(attempt.challenge), nonce: moved, requestId: challengeId };
        const forged = { ...attempt, challenge: { ...attempt.challenge, nonce: moved, challengeId, fields } };
        await expectRefused(forged, await proveGenuinely(forged), "auth.challenge_invalid");
      }
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });

  test("of another project's challenge opens nothing there", async () => {
    await tryMethods(stack, async (attempt) => {
      const elsewhere = await stack.createProject();
      const proof = await proveGenuinely({ ...attempt, challenge: await requestChallenge(elsewhere, {}) });
      await expectOnlyGenuine(attempt, proof, "auth.challenge_invalid");
    });
  });

  test("of one origin's challenge opens nothing on another of the same project", async () => {
    const target = await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] });
    for (const method of SOLANA_METHODS) {
      const attempt = { target, method, wallet: await createWallet(), challenge: await requestChallenge(target, {}) };
      const there = { ...attempt, target: { ...target, origin: OTHER_ORIGIN } };
      await expectRefused(there, await proveGenuinely(attempt), "auth.challenge_invalid");
      await expectOpened(attempt, await proveGenuinely(attempt));
    }
  });

  test("sent from an origin that is not the project's, or from none, opens nothing", async () => {
    await tryMethods(stack, async (attempt) => {
      const proof = await proveGenuinely(attempt);
      for (const origin of ["https://evil.example", "null", "", "https://DAPP.example", "https://dapp.example/"]) {
        const there = { ...attempt, target: { ...attempt.target, origin } };
        await expectRefused(there, proof, "project.origin_not_allowed");
      }
      await expectOpened(attempt, proof);
    });
  });

  test("of one network's challenge opens nothing on another that the project has as well", async () => {
    const { name, publishableKey } = { name: "Two networks", publishableKey: "pk_test_two_networks_for_all" };
    const target = await stack.createProject({ name, publishableKey });
    await stack.createProject({ name, publishableKey, network: DEVNET, sponsorAddress: addressOf(40) });
    for (const method of SOLANA_METHODS) {
      const attempt = { target, method, wallet: await createWallet(), challenge: await requestChallenge(target, {}) };
      const own = await proveGenuinely(attempt);
      await expectRefused(attempt, { ...own, network: DEVNET }, "auth.challenge_invalid");
      const there = { ...attempt, challenge: await requestChallenge(target, { network: DEVNET }) };
      await expectRefused(there, await proveGenuinely(there), "auth.challenge_invalid");
      await expectOpened(attempt, own);
      await expectOpened(there, { ...(await proveGenuinely(there)), network: DEVNET });
    }
    expect(await countSessions(stack, target)).toBe(2 * SOLANA_METHODS.length);
  });

  test("for a network that the project does not have opens nothing, whether there is one or not", async () => {
    await tryMethods(stack, async (attempt) => {
      const proof = await proveGenuinely(attempt);
      for (const network of [DEVNET, "solana:mainnet", "algorand:localnet", "eip155:1"]) {
        await expectRefused(attempt, { ...proof, network }, "project.network_not_enabled");
      }
      for (const network of ["localnet", "solana:LOCALNET", "solana:localnet ", "solana:local"]) {
        await expectRefused(attempt, { ...proof, network }, { invalid: ["/network"] });
      }
      await expectOpened(attempt, proof);
    });
  });

  test("of a challenge for another method, or another wallet, opens nothing", async () => {
    const other = await createWallet();
    await tryMethods(stack, async (attempt) => {
      for (const method of SOLANA_METHODS.filter((candidate) => candidate !== attempt.method)) {
        const bound = { ...attempt, challenge: await requestChallenge(attempt.target, { method }) };
        await expectRefused(bound, await proveGenuinely(bound), "auth.challenge_invalid");
      }
      const foreign = { ...attempt, challenge: await requestChallenge(attempt.target, { address: other.address }) };
      await expectRefused(foreign, await proveGenuinely(foreign), "auth.challenge_invalid");
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });

  test("under the name of a method that signs something else opens nothing", async () => {
    const texts = new Set<string>(["siws", "message", "local"]);
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      for (const method of SOLANA_METHODS) {
        const signsTheSame = method === attempt.method || (texts.has(method) && texts.has(attempt.method));
        const lacksMessage = method === "siws" && own.signedMessage === undefined;
        const isTransaction = [method, attempt.method].includes("memo-transaction");
        if (!signsTheSame) {
          const invalid = [...(lacksMessage ? ["/signedMessage"] : []), ...(isTransaction ? ["/transaction"] : [])];
          const refusal = invalid.length > 0 ? ({ invalid } as const) : "auth.signature_invalid";
          await expectRefused(attempt, { ...own, method }, refusal);
        }
      }
      await expectOpened(attempt, own);
    });
  });

  test("under a name that is no method's of Solana opens nothing", async () => {
    await tryMethods(stack, async (attempt) => {
      const { transaction: _transaction, ...own } = await proveGenuinely(attempt);
      for (const method of ["arc60", "mx", "zero-transaction", "siwe", "eip712", "nep413"]) {
        const needed = method === "zero-transaction" ? { transaction: "AA==" } : {};
        await expectRefused(attempt, { signedMessage: "AA==", ...own, ...needed, method }, "auth.wallet_unsupported");
      }
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });
});

/** The body as text, so that it can say what no object can. */
const write = (proof: object): string => JSON.stringify(proof);

describe("a body, by any method,", () => {
  test("with a required field of another kind, or without it, does not fit the schema", async () => {
    const KINDS: readonly unknown[] = [null, 7, true, [], ["x"], {}, ""];
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      for (const name of ["challengeId", "network", "address", "method", "signature"]) {
        for (const value of [...KINDS, undefined]) {
          const answer = await callApi(attempt.target, "POST", "/v1/sessions", { body: { ...own, [name]: value } });
          const { errors = [] } = expectProblem(answer, 422, "request.invalid");
          expect(errors.map(({ pointer }) => pointer)).toContain(`/${name}`);
        }
      }
      await expectOpened(attempt, own);
    });
  });

  test("with an optional field of another kind does not fit the schema", async () => {
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      for (const name of ["signedMessage", "transaction", "publicKey"]) {
        for (const value of [null, 7, false, [own.signature], { value: own.signature }, ""]) {
          await expectRefused(attempt, { ...own, [name]: value }, { invalid: [`/${name}`] });
        }
      }
      await expectOpened(attempt, own);
    });
  });

  test("with a number or a list in the place of its text does not fit the schema", async () => {
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      await expectRefused(attempt, { ...own, address: [own.address] }, { invalid: ["/address"] });
      await expectRefused(attempt, { ...own, method: [own.method] }, { invalid: ["/method"] });
      await expectRefused(attempt, [own], { invalid: [""] });
      await expectRefused(attempt, write([write(own)]), { invalid: [""] });
      await expectRefused(attempt, "null", { invalid: [""] });
      await expectOpened(attempt, own);
    });
  });

  test("with a field that nobody knows does not fit the schema", async () => {
    const NAMES = ["userId", "amr", "isAdmin", "Signature", "signature ", "constructor", "prototype", "toString"];
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      for (const name of NAMES) {
        await expectRefused(attempt, { ...own, [name]: own.signature }, { invalid: [`/${name}`] });
      }
      const polluted = `${write(own).slice(0, -1)},"__proto__":{"method":"local","isNonceBurnt":false}}`;
      await expectRefused(attempt, polluted, { invalid: ["/__proto__"] });
      await expectOpened(attempt, own);
    });
  });

  test("with a field twice is what the last one says, for everything that reads it", async () => {
    await tryMethods(stack, async (attempt) => {
      const [own, other] = [await proveGenuinely(attempt), await proveGenuinely(await withNewChallenge(attempt))];
      for (const name of ["challengeId", "signature", "address", "network"] as const) {
        const value = name === "address" ? (await createWallet()).address : name === "network" ? DEVNET : other[name];
        const last = `${write(own).slice(0, -1)},"${name}":"${value}"}`;
        await expectRefused(
          attempt,
          last,
          name === "network" ? "project.network_not_enabled" : "auth.signature_invalid",
        );
      }
      const { challengeId } = other;
      const first = `{"challengeId":"${challengeId}","signature":"AA==",${write(own).slice(1)}`;
      const { status } = await callApi(attempt.target, "POST", "/v1/sessions", { body: first });
      expect(status).toBe(201);
    });
  });

  test("with a field's name in escapes is the same field", async () => {
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      const escaped = write(own).replace('"method"', String.raw`"\u006dethod"`);
      expect((await callApi(attempt.target, "POST", "/v1/sessions", { body: escaped })).status).toBe(201);
    });
  });

  test("of more than 8 KiB is refused by its size, whatever is in it", async () => {
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      const text = write(own);
      await expectRefused(attempt, text + " ".repeat(8_193 - text.length), "request.too_large");
      await expectRefused(attempt, { ...own, signature: "A".repeat(11_000) }, "request.too_large");
      expect(
        (await callApi(attempt.target, "POST", "/v1/sessions", { body: text + " ".repeat(8_192 - text.length) }))
          .status,
      ).toBe(201);
    });
  });

  test("with a transaction beside another method's proof does not fit the schema", async () => {
    const methods = SOLANA_METHODS.filter((method) => method !== "memo-transaction");
    const tryTransaction = async (attempt: Attempt): Promise<void> => {
      const { transaction } = await proveGenuinely({ ...attempt, method: "memo-transaction" });
      const wrong = { ...(await proveGenuinely(attempt)), transaction };
      await expectOnlyGenuine(attempt, wrong, { invalid: ["/transaction"] });
    };
    await tryMethods(stack, tryTransaction, { methods });
  });
});

describe("a challenge", () => {
  test("is asked for with nothing that nobody knows", async () => {
    const target = await stack.createProject();
    const { address } = await createWallet();
    const ask = (body: unknown) => callApi(target, "POST", "/v1/challenges", { body });
    const { network } = target;
    for (const name of ["nonce", "statement", "origin", "constructor"]) {
      expectInvalid(await ask({ network, address, [name]: "x" }), [`/${name}`]);
    }
    expectInvalid(await ask(`{"network":"${network}","__proto__":{"method":"local"}}`), ["/__proto__"]);
    for (const wrong of [` ${address}`, `1${address}`, "x", "0".repeat(44)]) {
      expectInvalid(await ask({ network, address: wrong }), ["/address"]);
    }
    for (const value of [null, 7, [], {}]) {
      expectInvalid(await ask({ network, address: value }), ["/address"]);
      expectInvalid(await ask({ network, method: value }), ["/method"]);
      expectInvalid(await ask({ network: value }), ["/network"]);
    }
  });

  test("that nobody has given opens nothing, however it looks", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    const nonces = ["0".repeat(64), "f".repeat(64), "", "0", "g".repeat(64), "0".repeat(124), "\u0000", "../..", "%00"];
    for (const challengeId of nonces.map((nonce) => `chl_${nonce}`)) {
      const answer = await callApi(target, "POST", "/v1/sessions", { body: { ...proof, challengeId } });
      expectProblem(answer, 401, "auth.challenge_invalid");
    }
    expectInvalid(await callApi(target, "POST", "/v1/sessions", { body: { ...proof, challengeId: "c".repeat(129) } }), [
      "/challengeId",
    ]);
    expect(await countSessions(stack, target)).toBe(0);
  });
});
