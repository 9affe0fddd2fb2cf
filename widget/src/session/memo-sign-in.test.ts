import { createHash } from "node:crypto";
import {
  type Address,
  appendTransactionMessageInstructions,
  blockhash as toBlockhash,
  compileTransaction,
  createTransactionMessage,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  getTransactionEncoder,
  type Instruction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from "@solana/kit";
import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { createProofKey } from "../api/dpop.ts";
import { encodeKey } from "../solana-key.ts";
import type { WalletDriver } from "../wallets/types.ts";
import { createMemoRequest, isOfRequest, prepareMemoSignIn } from "./memo-sign-in.ts";
import { signInText } from "./sign-in-text.ts";
import { makeChallenge, makeCore } from "./test-support.ts";

const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr" as Address;
const PRICE = "ComputeBudget111111111111111111111111111111" as Address;
const GUARD = "L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95" as Address;
const address = encodeKey(new Uint8Array(32).fill(7)) as Address;
const other = encodeKey(new Uint8Array(32).fill(8)) as Address;
const challenge = makeChallenge("0001");
const text = signInText(challenge.fields, address);
const { signal } = new AbortController();
const made = await createMemoRequest({ challenge, key: await createProofKey() }, address);

/** What a wallet could make of it: any transaction, signed. */
function signed(instructions: readonly Instruction[], payer = address, hash = made.blockhash): Uint8Array {
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (each) => setTransactionMessageFeePayer(payer, each),
    (each) =>
      setTransactionMessageLifetimeUsingBlockhash({ blockhash: toBlockhash(hash), lastValidBlockHeight: 0n }, each),
    (each) => appendTransactionMessageInstructions(instructions, each),
  );
  return Uint8Array.from(getTransactionEncoder().encode(compileTransaction(message)));
}
const memo = { programAddress: MEMO, data: new TextEncoder().encode(text) };
const price = { programAddress: PRICE, data: Uint8Array.of(2, 0, 0, 0, 1) };
const guard = { programAddress: GUARD, accounts: [{ address: other, role: 0 }], data: Uint8Array.of(6, 0) };

describe("the transaction that is asked for", () => {
  const { messageBytes, signatures } = getTransactionDecoder().decode(made.transaction);
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);

  test("is one memo with the text, paid and signed by the address alone, and reads as such for others", () => {
    expect(Object.keys(signatures)).toEqual([address]);
    expect(message).toMatchObject({
      version: "legacy",
      header: { numSignerAccounts: 1, numReadonlySignerAccounts: 0, numReadonlyNonSignerAccounts: 1 },
      staticAccounts: [address, MEMO],
      instructions: [{ programAddressIndex: 1, data: new TextEncoder().encode(text) }],
    });
  });

  test("names a blockhash that is a hash of the challenge, and so can never land", () => {
    const digest = createHash("sha256").update("gasless memo-transaction v1").update(challenge.challengeId).digest();
    expect((message as { lifetimeToken: string }).lifetimeToken).toBe(base58.encode(digest));
  });

  test("fits into a packet with the longest text that the API writes", async () => {
    const statement = "x".repeat(1_000 - text.length + challenge.fields.statement.length);
    const longest = { challenge: makeChallenge("0001", { statement }), key: await createProofKey() };
    expect((await createMemoRequest(longest, address)).transaction.length).toBeLessThanOrEqual(1_232);
  });
});

describe("a signed transaction", () => {
  test.each<[string, readonly Instruction[]]>([
    ["as it was asked for, as version 0", [memo]],
    ["with a price before it", [price, memo]],
    ["with a guard behind it", [memo, guard]],
    ["with the signer named by the memo", [{ ...memo, accounts: [{ address, role: 2 }] }]],
  ])("%s is ours", (_what, instructions) => {
    expect(isOfRequest(made, signed(instructions))).toBe(true);
  });

  test.each<[string, Uint8Array]>([
    ["of somebody else", signed([memo], other)],
    ["paid by somebody else", signed([{ ...memo, accounts: [{ address, role: 2 }] }], other)],
    ["with a second signer", signed([memo, { programAddress: GUARD, accounts: [{ address: other, role: 2 }] }])],
    ["that could land", signed([memo], address, other)],
    ["with another text", signed([{ ...memo, data: new TextEncoder().encode(`${text} `) }])],
    ["with two memos", signed([memo, memo])],
    ["without a memo", signed([price])],
    ["that is none", Uint8Array.of(1, 2, 3)],
    ["that is empty", new Uint8Array()],
  ])("%s is not", (_what, wire) => {
    expect(isOfRequest(made, wire)).toBe(false);
  });
});

describe("signing in by it", () => {
  const makeDriver = (sign: (wire: Uint8Array) => Uint8Array): WalletDriver => ({
    name: "A device",
    connect: async () => [address],
    disconnect: async () => undefined,
    signTransaction: async (_address, wire) => sign(wire),
    onAccountsChanged: () => () => undefined,
  });

  test("asks the wallet before anything is waited for, and redeems its first signature", async () => {
    let wire: Uint8Array | undefined;
    const driver = makeDriver((given) => (wire = given.slice().fill(5, 1, 65)));
    const { core, calls, ready } = await makeCore(driver, address);
    const prove = await prepareMemoSignIn(core);
    const done = prove(signal);
    expect(wire).toBeDefined();
    await done;
    expect(calls[0]?.options.key).toBe(ready.key);
    expect(calls[0]?.options.body).toEqual({
      challengeId: "chl_0001",
      network: "solana:localnet",
      address,
      method: "memo-transaction",
      signature: Buffer.alloc(64, 5).toString("base64"),
      transaction: Buffer.from(wire ?? []).toString("base64"),
    });
  });

  test("is for the account that is connected at the tap, not the one that was when it was made ready", async () => {
    const seen: Uint8Array[] = [];
    const driver = makeDriver((wire) => (seen.push(wire), wire));
    const { core, calls } = await makeCore(driver, other);
    const prove = await prepareMemoSignIn(core);
    core.update({ address });
    await prove(signal);
    expect(isOfRequest(made, seen[0] ?? new Uint8Array())).toBe(true);
    expect(calls[0]?.options.body).toMatchObject({ address });
  });

  test("of another transaction than was asked for sends nothing", async () => {
    const { core, calls } = await makeCore(
      makeDriver(() => signed([price])),
      address,
    );
    const prove = await prepareMemoSignIn(core);
    await expect(prove(signal)).rejects.toMatchObject({ code: "wallet.message_changed" });
    expect(calls).toEqual([]);
  });
});
