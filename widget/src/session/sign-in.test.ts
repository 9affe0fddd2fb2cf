import { describe, expect, test } from "vitest";
import { nothing } from "lit";
import type { Challenge } from "../api/types.ts";
import { GaslessError } from "../errors.ts";
import { encodeKey } from "../solana-key.ts";
import type { SignedMessage, SignInWay, WalletDriver, WalletFamily, WalletOption } from "../wallets/types.ts";
import { offchainMessage } from "./offchain-message.ts";
import { proveConnected, signInWith } from "./sign-in.ts";
import { signInText } from "./sign-in-text.ts";
import { makeCore } from "./test-support.ts";

const address = encodeKey(new Uint8Array(32).fill(7));
const signature = new Uint8Array(64).fill(9);
const utf8 = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();
const notImplemented = async (): Promise<never> => {
  throw new Error("Method not implemented.");
};

function makeDriver(features: Partial<WalletDriver>): WalletDriver {
  return {
    name: "A wallet",
    connect: async () => [address],
    disconnect: async () => undefined,
    signTransaction: async () => new Uint8Array(),
    onAccountsChanged: () => () => undefined,
    ...features,
  };
}

const signOffchainMessage = async (_address: string, text: string): Promise<SignedMessage> => ({
  address,
  signedMessage: offchainMessage(address, text),
  signature,
});
const signMessage = async (_address: string, message: Uint8Array): Promise<SignedMessage> => ({
  address,
  signedMessage: message,
  signature,
});
const optionOf = (driver: WalletDriver): WalletOption => ({
  name: driver.name,
  icon: "",
  isInstalled: true,
  open: () => driver,
});

describe("the way in", () => {
  test.each([
    ["an off-chain message before a bare one", { signOffchainMessage, signMessage }, "offchain"],
    ["a message when off-chain is there in name only", { signOffchainMessage: notImplemented, signMessage }, "message"],
    ["a message when there is nothing else", { signMessage }, "message"],
  ])("is %s", async (_name, features, method) => {
    const { core, calls } = await makeCore(makeDriver(features), address);
    await proveConnected(core, signal);
    expect(calls.map(({ options }) => (options.body as { method: string }).method)).toEqual([method]);
  });

  test("goes on past a sign-in in name only, with what the wallet can", async () => {
    const driver = makeDriver({ signIn: notImplemented, signOffchainMessage });
    const { core, calls } = await makeCore(driver, address);
    await signInWith(core, optionOf(driver), signal);
    expect(calls.map(({ options }) => (options.body as { method: string }).method)).toEqual(["offchain"]);
  });

  test("ends at connected for a wallet that signs no text", async () => {
    const driver = makeDriver({});
    const { core, calls } = await makeCore(driver, address);
    await signInWith(core, optionOf(driver), signal);
    expect([core.state.status, calls]).toEqual(["connected", []]);
    await expect(proveConnected(core, signal)).rejects.toMatchObject({ code: "wallet.unsupported" });
  });

  test("that a person refuses is no reason to ask by another one", async () => {
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    };
    const { core, calls } = await makeCore(makeDriver({ signOffchainMessage: refuse, signMessage }), address);
    await expect(proveConnected(core, signal)).rejects.toMatchObject({ code: "wallet.rejected" });
    expect(calls).toEqual([]);
  });
});

describe("a wallet of another family", () => {
  const unsupported = async (): Promise<never> => {
    throw Object.assign(new Error("It does not know that."), { code: 4200 });
  };
  const way = (method: string, sign: SignInWay["sign"] = async () => ({ signature: method })): SignInWay => ({
    method,
    sign,
  });
  const makeFamily = (ways: readonly SignInWay[], changes: Partial<WalletFamily> = {}): WalletFamily => ({
    name: "algorand",
    ways,
    connectTimeoutMs: 1_000,
    isElsewhere: true,
    choose: async (addresses) => addresses.at(-1) ?? "",
    plan: () => {
      throw new Error("not of this test");
    },
    views: { hint: () => nothing as never, note: () => undefined },
    ...changes,
  });
  const bodies = ({ calls }: Awaited<ReturnType<typeof makeCore>>) => calls.map(({ options }) => options.body);

  test("proves itself by its best way, with a challenge for it, its address and its network", async () => {
    const seen: Challenge[] = [];
    const best = way("best", async (_address, challenge) => {
      seen.push(challenge);
      return { signature: "S", signedMessage: "M" };
    });
    const made = await makeCore(makeDriver({ family: makeFamily([best, way("next")]) }), address);
    await proveConnected(made.core, signal);
    expect(made.asked).toEqual([{ network: "algorand:localnet", address, method: "best" }]);
    expect(bodies(made)).toEqual([
      {
        challengeId: seen[0]?.challengeId,
        network: "algorand:localnet",
        address,
        method: "best",
        signature: "S",
        signedMessage: "M",
      },
    ]);
  });

  test("that does not know a way is asked in the next one, each with a challenge of its own, and the last is redeemed", async () => {
    const ways = [way("first", unsupported), way("second", unsupported), way("third")];
    const made = await makeCore(makeDriver({ family: makeFamily(ways) }), address);
    await proveConnected(made.core, signal);
    expect(made.asked.map(({ method }) => method)).toEqual(["first", "second", "third"]);
    expect(bodies(made)).toEqual([expect.objectContaining({ method: "third", challengeId: "chl_0004" })]);
  });

  test("that knows none of our ways is said to, and nothing is sent", async () => {
    const made = await makeCore(makeDriver({ family: makeFamily([way("only", unsupported)]) }), address);
    await expect(proveConnected(made.core, signal)).rejects.toMatchObject({ code: "wallet.unsupported" });
    expect(made.calls).toEqual([]);
  });

  test("whose owner says no is asked in no other way", async () => {
    const refuse = async (): Promise<never> => {
      throw new GaslessError("wallet.rejected", "No, and not supported either.");
    };
    const made = await makeCore(makeDriver({ family: makeFamily([way("first", refuse), way("second")]) }), address);
    await expect(proveConnected(made.core, signal)).rejects.toMatchObject({ code: "wallet.rejected" });
    expect([made.asked.length, made.calls]).toEqual([1, []]);
  });

  test.each([
    ["goes on to sign at once where it shows its requests on another device", true, "signing-in"],
    ["waits for a second tap where it is on this one", false, "connected"],
  ])("that had to be connected %s", async (_what, isElsewhere, status) => {
    const family = makeFamily([way("best")], { isElsewhere });
    const connect: WalletDriver["connect"] = async ({ isSilent }) => (isSilent ? [] : [address]);
    const { core } = await makeCore(makeDriver({ family, connect }), address);
    await signInWith(core, optionOf(makeDriver({ family, connect })), signal);
    expect(core.state.status).toBe(status);
  });

  test("with several accounts signs in with the one that was chosen", async () => {
    const second = encodeKey(new Uint8Array(32).fill(9));
    const connect = async () => [address, second];
    const driver = makeDriver({ family: makeFamily([way("best")]), connect });
    const made = await makeCore(driver, address);
    await signInWith(made.core, optionOf(driver), signal);
    expect(made.asked).toEqual([{ network: "algorand:localnet", address: second, method: "best" }]);
  });
});

test("a challenge is redeemed and its session kept with the very key that it was bound to", async () => {
  const { core, calls, kept, ready } = await makeCore(makeDriver({ signMessage }), address);
  await proveConnected(core, signal);
  expect(calls[0]).toMatchObject({ path: "/v1/sessions", options: { body: { challengeId: "chl_0001" } } });
  expect(calls[0]?.options.key).toBe(ready.key);
  const [[, key, walletName] = []] = kept;
  expect([kept.length, walletName]).toEqual([1, "A wallet"]);
  expect(key).toBe(ready.key);
});

test("the wallet is asked before anything is waited for, so that a phone keeps the tap's gesture", async () => {
  let isAsked = false;
  const driver = makeDriver({
    async signIn(fields) {
      isAsked = true;
      return { address, signedMessage: utf8(signInText(fields, address)), signature };
    },
  });
  const { core } = await makeCore(driver, address);
  const done = signInWith(core, optionOf(driver), signal);
  expect(isAsked).toBe(true);
  await done;
});

describe("an off-chain message that comes back", () => {
  const text = "the text";
  const other = encodeKey(new Uint8Array(32).fill(8));
  const whole = (given: string) => offchainMessage(address, given);
  /** Ledger's own layout: domain, version 0, UTF-8, length, text. */
  const compact = (given: Uint8Array) =>
    Uint8Array.of(...whole("").subarray(0, 16), 0, 1, given.length & 0xff, given.length >> 8, ...given);
  test.each<[string, (given: string) => Uint8Array]>([
    ["for another address", (given) => offchainMessage(other, given)],
    ["around another text", () => whole(text)],
    ["with something behind it", (given) => Uint8Array.of(...whole(given), 0)],
    ["of another version", (given) => whole(given).fill(0, 16, 17)],
    ["with a second signer", (given) => whole(given).fill(2, 17, 18)],
    ["as the bare text", utf8],
    ["as nothing", () => new Uint8Array()],
  ])("%s proves nothing and is not sent", async (_what, sign) => {
    const driver = makeDriver({
      signOffchainMessage: async (_address, given) => ({ address, signedMessage: sign(given), signature }),
    });
    const { core, calls } = await makeCore(driver, address);
    await expect(proveConnected(core, signal)).rejects.toMatchObject({ code: "wallet.message_changed" });
    expect(calls).toEqual([]);
  });

  test.each<[string, (given: Uint8Array) => Partial<SignedMessage>]>([
    ["as what was signed", (given) => ({ signedMessage: compact(given) })],
    ["in an envelope", (given) => ({ signature: Uint8Array.of(1, ...signature, ...compact(given)) })],
  ])("instead of a bare one, %s, is sent as what it is", async (_what, sign) => {
    const driver = makeDriver({
      signMessage: async (_address, given) => ({ address, signedMessage: given, signature, ...sign(given) }),
    });
    const { core, calls, ready } = await makeCore(driver, address);
    await proveConnected(core, signal);
    const asked = utf8(signInText(ready.challenge.fields, address));
    expect(calls[0]?.options.body).toMatchObject({
      method: "offchain",
      signature: Buffer.from(sign(asked).signature ?? signature).toString("base64"),
      signedMessage: Buffer.from(compact(asked)).toString("base64"),
    });
  });

  test("instead of a bare one, around another text, proves nothing and is not sent", async () => {
    const signOther = async (): Promise<SignedMessage> => ({
      address,
      signedMessage: compact(utf8("another text")),
      signature,
    });
    const { core, calls } = await makeCore(makeDriver({ signMessage: signOther }), address);
    await expect(proveConnected(core, signal)).rejects.toMatchObject({ code: "wallet.message_changed" });
    expect(calls).toEqual([]);
  });

  test("is sent whole, with the envelope that some wallets give for a signature", async () => {
    const envelope = Uint8Array.of(1, ...signature, ...whole(text));
    const driver = makeDriver({
      signOffchainMessage: async (_address, given) => ({ address, signedMessage: whole(given), signature: envelope }),
    });
    const { core, calls, ready } = await makeCore(driver, address);
    await proveConnected(core, signal);
    expect(calls[0]?.options.body).toEqual({
      challengeId: "chl_0001",
      network: "solana:localnet",
      address,
      method: "offchain",
      signature: Buffer.from(envelope).toString("base64"),
      signedMessage: Buffer.from(whole(signInText(ready.challenge.fields, address))).toString("base64"),
    });
  });
});
