import { describe, expect, test } from "vitest";
import { decodeAsKit } from "../../../../../test/support/kit-decoder.ts";
import { impossibleBlockhash } from "../../../../../test/support/method-proofs.ts";
import { fieldsAt } from "../../../../../test/support/sign-in-cases.ts";
import { addressOf } from "../../../../../test/support/wire.ts";
import { writeMemoTransaction } from "./memo-transaction.ts";

const MAX_WIRE_BYTES = 1_232;
const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
const address = addressOf(7);
const challengeOf = (text: string) =>
  ({ method: "memo-transaction", challengeId: "chl_1", text, fields: fieldsAt("a") }) as const;
const readAsKit = (wire: Uint8Array | undefined) => decodeAsKit(wire ?? new Uint8Array()).fields;
const write = (length: number) => writeMemoTransaction(challengeOf("x".repeat(length)), address);

describe("the transaction that a challenge brings along", () => {
  test("says, as kit reads it, the text as a memo by its wallet and nothing else, and cannot land", async () => {
    const text = "dapp.example wants you to sign in";
    const wire = await writeMemoTransaction(challengeOf(text), address);
    const decoded = readAsKit(wire);
    expect(decoded).toMatchObject({
      version: 0,
      requiredSignatures: 1,
      accounts: [address, MEMO],
      blockhash: impossibleBlockhash("chl_1"),
      lookupTables: [],
    });
    expect(decoded.instructions).toHaveLength(1);
    const [instruction] = decoded.instructions;
    expect(instruction).toMatchObject({ programIndex: 1, accountIndexes: [0] });
    expect(Buffer.from(instruction?.data ?? []).toString()).toBe(text);
  });

  test("has another hash for another challenge", async () => {
    const ids = ["chl_1", "chl_2", "chl_12", ""];
    const wires = await Promise.all(
      ids.map((id) => writeMemoTransaction({ ...challengeOf("x"), challengeId: id }, address)),
    );
    expect(wires.map((wire) => readAsKit(wire).blockhash)).toEqual(ids.map((id) => impossibleBlockhash(id)));
    expect(new Set(wires.map((wire) => readAsKit(wire).blockhash)).size).toBe(ids.length);
  });

  test.each([1, 127, 128, 500, 1_000])("is read back whole with a text of %i bytes", async (length) => {
    const [instruction] = readAsKit(await write(length)).instructions;
    expect(instruction?.data).toHaveLength(length);
  });

  test("is none where the text is too long for a packet, to the byte", async () => {
    const overhead = ((await write(500))?.length ?? 0) - 500;
    const longest = MAX_WIRE_BYTES - overhead;
    expect((await write(longest))?.length).toBe(MAX_WIRE_BYTES);
    expect(await write(longest + 1)).toBeUndefined();
  });
});
