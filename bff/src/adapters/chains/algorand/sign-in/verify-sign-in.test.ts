import { createAlgorandWallet, proveAlgorand } from "@gasless/localnet/algorand-client";
import { base64 } from "@scure/base";
import { describe, expect, test } from "vitest";
import {
  accountOf,
  ALGOD_GENESIS,
  type AlgodScript,
  startScriptedAlgod,
} from "../../../../../test/support/scripted-algod.ts";
import type { SignInChallenge, SignInProof } from "../../../../domain/sign-in.ts";
import { encodeMsgpack } from "../msgpack.ts";
import { createAlgorandChain } from "../chain.ts";

const owner = createAlgorandWallet(new Uint8Array(32).fill(4));
const other = createAlgorandWallet(new Uint8Array(32).fill(5));
const challenge: SignInChallenge = {
  method: "mx",
  challengeId: "chl_1",
  text: "sign in",
  fields: {
    domain: "dapp.example",
    statement: "s",
    uri: "https://dapp.example",
    version: "1",
    chainId: "algorand:testnet",
    nonce: "1",
    issuedAt: "2026-11-29T00:00:00.000Z",
    expirationTime: "2026-11-29T00:05:00.000Z",
    requestId: "chl_1",
    resources: [],
  },
};

async function proofBy(signer: typeof owner, publicKey?: string): Promise<SignInProof> {
  const { signature } = await proveAlgorand({ challengeId: "chl_1", message: challenge.text }, "mx", signer);
  const bytes = base64.decode(String(signature));
  return { address: owner.address, signature: bytes, signedMessage: undefined, publicKey, transaction: undefined };
}

/** Whose key signs for the owner's account, as a node says. */
const keyIs =
  (authAddress: string): AlgodScript =>
  ({ path }) =>
    path.startsWith("/v2/accounts/") ? { body: accountOf(owner.address, { "auth-addr": authAddress }) } : undefined;
const plain: AlgodScript = () => undefined;
const down: AlgodScript = () => ({ status: 503, text: "" });

async function verdictBy(scripts: readonly AlgodScript[], proof: SignInProof, unit = 0) {
  await using stack = new AsyncDisposableStack();
  const providers = [];
  for (const [index, script] of scripts.entries()) {
    const node = stack.use(await startScriptedAlgod(script));
    providers.push({ name: `algod-${index}`, url: node.url, weight: 1 });
  }
  const chain = createAlgorandChain({
    network: "algorand:testnet",
    providers,
    genesisHash: ALGOD_GENESIS,
    nowMs: () => 1_000,
    randomUnit: () => unit,
    metrics: { count: () => undefined, set: () => undefined },
  });
  return await chain.verifySignIn(challenge, proof);
}

describe("an account signs in by the key that signs for it now", () => {
  test("its own, where it has not been rekeyed", async () => {
    expect(await verdictBy([plain, plain], await proofBy(owner))).toBe("proven");
    expect(await verdictBy([plain, plain], await proofBy(owner, owner.address))).toBe("proven");
    expect(await verdictBy([plain, plain], await proofBy(other))).toBe("unproven");
  });

  test("another one, where it has been, whether the wallet says so or not; its old one is of no use", async () => {
    const rekeyed = [keyIs(other.address), keyIs(other.address)];
    expect(await verdictBy(rekeyed, await proofBy(other))).toBe("proven");
    expect(await verdictBy(rekeyed, await proofBy(other, other.address))).toBe("proven");
    expect(await verdictBy(rekeyed, await proofBy(owner))).toBe("unproven");
    expect(await verdictBy(rekeyed, await proofBy(owner, owner.address))).toBe("unproven");
  });

  test("and whoever names a key of their own signs in as nobody", async () => {
    expect(await verdictBy([plain, plain], await proofBy(other, other.address))).toBe("unproven");
  });
});

describe("one provider of several that lies about keys", () => {
  test.each([0, 0.34, 0.67])("lets nobody in as somebody else, whoever is asked first (%s)", async (unit) => {
    const liar = keyIs(other.address);
    const attack = await proofBy(other, other.address);
    for (const scripts of [
      [liar, plain, plain],
      [plain, liar, plain],
      [plain, plain, liar],
    ]) {
      expect(await verdictBy(scripts, attack, unit)).toBe("unproven");
      expect(await verdictBy(scripts, await proofBy(owner), unit)).toBe("proven");
    }
  });

  test("beside one other stops the sign-in, because nobody can tell who is right", async () => {
    const attempt = verdictBy([keyIs(other.address), plain], await proofBy(owner));
    await expect(attempt).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("is not believed alone when the others are down, unless what it says is what is usual", async () => {
    const rekeyed = verdictBy([keyIs(other.address), down], await proofBy(other));
    await expect(rekeyed).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
    expect(await verdictBy([plain, down], await proofBy(owner))).toBe("proven");
  });
});

test("with one provider its word is what there is, and with none nobody signs in", async () => {
  expect(await verdictBy([keyIs(other.address)], await proofBy(other))).toBe("proven");
  await expect(verdictBy([down], await proofBy(owner))).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
});

test.each(["msig", "lsig", "pqsig", "subsig"])(
  "a signature with %s in it is said not to be supported",
  async (name) => {
    const signature = encodeMsgpack({ [name]: { v: 1n } });
    expect(await verdictBy([plain], { ...(await proofBy(owner)), signature })).toBe("unsupported");
  },
);
