import { base58 } from "@scure/base";
import { callApi, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { assembleMessage, type PlainInstruction, signMessage } from "../support/assemble.ts";
import { computeLimit, computePrice, memo } from "../support/instructions.ts";
import type { MessageModel } from "../support/message.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { wireV1Of } from "../support/version-1.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  type RelayAnswer,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";
import { addressOf, keyOf } from "../support/wire.ts";

let stack: Stack;
let visitor: Visitor;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  visitor = await visitNewProject(stack);
  stack.solana.faults.resetCalls();
});

/** Bytes alone decide here: no node is asked, nothing is written. */
afterEach(async () => {
  expect(stack.solana.faults.calls("simulateTransaction")).toBe(0);
  expect(stack.solana.faults.calls("sendTransaction")).toBe(0);
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
});

const hello = (): PlainInstruction[] => [memo([visitor.wallet.address], "hello")];

function postText(transaction: unknown): Promise<RelayAnswer> {
  const { target, token } = visitor;
  const headers = { "idempotency-key": crypto.randomUUID() };
  return callApi(target, "POST", "/v1/relays", { token, body: { network: target.network, transaction }, headers });
}

describe("text that is no canonical base64 is refused before anything is read of it", () => {
  test.each<[string, (text: string) => unknown]>([
    ["nothing", () => ""],
    ["no text", () => 7],
    ["no padding", (text) => text.replace(/=*$/, "").slice(0, -1)],
    ["the alphabet of URLs", (text) => `${text.slice(0, -4)}-_-_`],
    ["a line break", (text) => `${text.slice(0, 76)}\n${text.slice(76)}`],
    ["a line break at its end", (text) => `${text}\n`],
    ["a space", (text) => ` ${text}`],
    ["padding in the middle", (text) => `AA==${text}`],
    ["bits behind its last byte", () => "AB=="],
    ["bits behind its last two bytes", () => "AAB="],
    ["hexadecimal", (text) => Buffer.from(text, "base64").toString("hex").slice(0, 101)],
  ])("%s", async (_, change) => {
    const text = toBase64(await wireOf(visitor, hello()));
    expectRefusal(await postText(change(text)), "request.invalid");
  });
});

describe("bytes that are no transaction", () => {
  test("of any kind are malformed, never a fault of the server", async () => {
    const wire = await wireOf(visitor, hello());
    const garbage = [
      Uint8Array.of(0),
      Uint8Array.of(1),
      new Uint8Array(64),
      Uint8Array.from({ length: 300 }, (_, index) => (index * 37) & 0x7f).with(0, 2),
      wire.subarray(0, -1),
      Uint8Array.from([...wire, 0]),
      Uint8Array.from([0x82, 0x00, ...wire.subarray(1)]),
      new TextEncoder().encode("{}"),
    ];
    for (const bytes of garbage) expectRefusal(await post(visitor, bytes), "transaction.malformed");
  });

  test("of versions that nobody knows have their own code, so that they are not read by rules of others", async () => {
    const wire = await wireOf(visitor, hello());
    const wireV1 = await wireV1Of(visitor, hello());
    const foreign = [
      Uint8Array.from([0x82, ...wire]),
      wireV1.with(0, 0x82),
      wireV1.with(0, 0xff),
      wire.with(1 + 128, 0x82),
      // Version 1 has its signatures last: a message of it behind them is none.
      wire.with(1 + 128, 0x81),
    ];
    for (const bytes of foreign) expectRefusal(await post(visitor, bytes), "transaction.version_unsupported");
  });

  test("of more than a packet are too large", async () => {
    const wire = await wireOf(visitor, [memo([visitor.wallet.address], "x".repeat(1_100))]);
    expect(wire.length).toBeGreaterThan(1_232);
    expectRefusal(await post(visitor, wire), "transaction.too_large");
  });
});

describe("a transaction of version 1", () => {
  /** Counted from the end, where the signatures are. */
  const flip = (wire: Uint8Array, fromEnd: number): Uint8Array => {
    const index = wire.length - fromEnd;
    return wire.with(index, (wire[index] ?? 0) ^ 1);
  };
  const altered = async (change: (wire: Uint8Array) => Uint8Array, code: ErrorCode): Promise<void> => {
    expectRefusal(await post(visitor, change(await wireV1Of(visitor, hello()))), code);
  };

  test.each<[string, (wire: Uint8Array) => Uint8Array, ErrorCode]>([
    ["cut short", (wire) => wire.subarray(0, -1), "transaction.malformed"],
    ["with a byte behind it", (wire) => Uint8Array.from([...wire, 0]), "transaction.malformed"],
    ["without its signatures", (wire) => wire.subarray(0, -128), "transaction.malformed"],
    [
      "with its signatures in front",
      (wire) => Uint8Array.from([2, ...wire.subarray(-128), ...wire.subarray(0, -128)]),
      "transaction.version_unsupported",
    ],
    ["with a bit in its mask that means nothing", (wire) => wire.with(7, 0x80), "transaction.malformed"],
    ["with half a priority fee", (wire) => wire.with(4, (wire[4] ?? 0) | 1), "transaction.malformed"],
    ["with a signature in the sponsor's slot", (wire) => flip(wire, 128), "transaction.signature_invalid"],
    ["with a signature of the user that does not fit", (wire) => flip(wire, 1), "transaction.signature_invalid"],
    ["changed after the user signed it", (wire) => flip(wire, 129), "transaction.signature_invalid"],
    [
      "that the user has not signed",
      (wire) => new Uint8Array(wire).fill(0, wire.length - 64),
      "transaction.signature_missing",
    ],
  ])("%s is refused", (_, change, code) => altered(change, code));

  test("of more than 4,096 bytes is too large, though a part of it would fit", async () => {
    const wire = await wireV1Of(visitor, [memo([visitor.wallet.address], "x".repeat(3_900))]);
    expect(wire.length).toBeGreaterThan(4_096);
    expectRefusal(await post(visitor, wire), "transaction.too_large");
  });

  test("that names the fee payer twice is refused", async () => {
    const change = (model: MessageModel): MessageModel => ({
      ...model,
      accounts: [...model.accounts.slice(0, -1), visitor.sponsor],
    });
    expectRefusal(await post(visitor, await wireV1Of(visitor, hello(), { change })), "transaction.malformed");
  });

  test.each([
    ["a priority fee in its config, where no ComputeBudget instruction tells of it", { priorityFee: 1_000_000_000n }],
    ["the largest priority fee there is", { priorityFee: 2n ** 64n - 1n }],
    ["more compute units than are sponsored", { computeUnits: 200_001 }],
    ["a price per compute unit above its bound", { priorityFee: 6n, computeUnits: 100 }],
  ])("that drains the sponsor by %s is refused", async (_, config) => {
    expectRefusal(await post(visitor, await wireV1Of(visitor, hello(), { config })), "policy.fee_exceeded");
  });

  test.each([
    ["a compute limit", computeLimit(1)],
    ["a compute price", computePrice(1)],
  ])("that says %s by an instruction as well is refused, whichever a runtime would take", async (_, instruction) => {
    const wire = await wireV1Of(visitor, [...hello(), instruction]);
    expectRefusal(await post(visitor, wire), "policy.fee_exceeded");
  });
});

describe("a fee payer that is not the sponsor", () => {
  test.each<[string, () => string]>([
    ["the user", () => visitor.wallet.address],
    ["a stranger", () => addressOf(60)],
  ])("is refused: %s", async (_, feePayer) => {
    const wire = await wireOf(visitor, hello(), { feePayer: feePayer() });
    expectRefusal(await post(visitor, wire), "transaction.wrong_fee_payer");
  });

  test("is refused when it is the sponsor of yesterday, retired since", async () => {
    const { address } = await createWallet();
    const { database } = stack;
    await database.query(
      "insert into sponsors (id, network, address, state) values ($1, 'solana:localnet', $1, 'retired')",
      [address],
    );
    const fresh = await visitNewProject(stack);
    expectRefusal(
      await post(fresh, await wireOf(fresh, hello(), { feePayer: address })),
      "transaction.wrong_fee_payer",
    );
  });

  test("is refused when it is another project's sponsor, whose money this project does not spend", async () => {
    const { address: sponsorAddress } = await createWallet();
    await stack.createProject({ sponsorAddress });
    const fresh = await visitNewProject(stack);
    const wire = await wireOf(fresh, [memo([fresh.wallet.address], "hello")], { feePayer: sponsorAddress });
    expectRefusal(await post(fresh, wire), "transaction.wrong_fee_payer");
  });

  test("is refused when the sponsor only signs behind it", async () => {
    const { sponsor, wallet } = visitor;
    const both = [memo([wallet.address, sponsor], "hello")];
    expectRefusal(
      await post(visitor, await wireOf(visitor, both, { feePayer: wallet.address })),
      "transaction.wrong_fee_payer",
    );
  });
});

describe("signatures", () => {
  const signed = async (changes: (wire: Uint8Array) => Uint8Array, code: ErrorCode): Promise<void> => {
    expectRefusal(await post(visitor, changes(await wireOf(visitor, hello()))), code);
  };

  test("in the sponsor's slot are refused: nobody signs for it in advance", () =>
    signed((wire) => wire.with(1, 1), "transaction.signature_invalid"));

  test("of the user copied into the sponsor's slot are refused", () =>
    signed((wire) => new Uint8Array(wire).fill(7, 1, 65), "transaction.signature_invalid"));

  test("with one bit changed are refused", () =>
    signed((wire) => wire.with(65, (wire[65] ?? 0) ^ 1), "transaction.signature_invalid"));

  test("over a message that was changed since are refused", () =>
    signed((wire) => wire.with(wire.length - 2, 0x21), "transaction.signature_invalid"));

  test("that are missing are told as missing", () =>
    signed((wire) => new Uint8Array(wire).fill(0, 65, 129), "transaction.signature_missing"));

  test("of another message of the same wallet are refused", async () => {
    const own = await wireOf(visitor, hello());
    const other = await wireOf(visitor, [memo([visitor.wallet.address], "other")]);
    const mixed = new Uint8Array(own);
    mixed.set(other.subarray(65, 129), 65);
    expectRefusal(await post(visitor, mixed), "transaction.signature_invalid");
  });

  test("of a signer who has not signed are missed, though the user has", async () => {
    const wire = await wireOf(visitor, [memo([visitor.wallet.address, addressOf(61)], "hello")]);
    expectRefusal(await post(visitor, wire), "transaction.signature_missing");
  });

  test("of somebody else do not stand for the session's wallet", async () => {
    const stranger = await createWallet();
    const wire = await wireOf(visitor, [memo([stranger.address], "not mine")], { others: [stranger] });
    expectRefusal(await post(visitor, wire), "transaction.signature_missing");
  });

  test("of nobody but the sponsor are refused: a memo that no user signed is nobody's intent", async () => {
    expectRefusal(await post(visitor, await wireOf(visitor, [memo([], "mine")])), "transaction.signature_missing");
  });

  test("by a key of small order, which fits any message, are refused", async () => {
    // With the neutral point as a key, the base point and one are a signature of every message.
    const smallOrder = base58.encode(new Uint8Array(32).with(0, 1));
    const forged = [0x58, ...Array.from({ length: 31 }, () => 0x66), 1, ...Array.from({ length: 31 }, () => 0)];
    const message = assembleMessage({
      feePayer: visitor.sponsor,
      blockhash: visitor.blockhash,
      instructions: [memo([visitor.wallet.address, smallOrder], "hello")],
    });
    const wire = await signMessage(message, [visitor.wallet]);
    wire.set(forged, 1 + 64 * message.signers.indexOf(smallOrder));
    expectRefusal(await post(visitor, wire), "transaction.signature_invalid");
  });
});

test("a lookup table is refused whatever is in it, before it is looked up", async () => {
  const tables = [1, ...keyOf(70), 1, 0, 0];
  expectRefusal(await post(visitor, await wireOf(visitor, hello(), { tables })), "policy.lookup_table_not_allowed");
});

test("the plain transactions, of which these are changes, would have been sponsored", async () => {
  const other = await visitNewProject(stack);
  const instructions = [memo([other.wallet.address], "hello")];
  for (const wire of [await wireOf(other, instructions), await wireV1Of(other, instructions)]) {
    const answer = await post(other, wire);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  }
  stack.solana.faults.resetCalls();
});
