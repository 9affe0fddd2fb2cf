import { base58 } from "@scure/base";
import { callApi, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { assembleMessage, type PlainInstruction, signMessage } from "../support/assemble.ts";
import { memo } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
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

  test("of version 1 have their own code, so that they are not read by rules that do not know its config", async () => {
    const wire = await wireOf(visitor, hello());
    expectRefusal(await post(visitor, Uint8Array.from([0x81, ...wire])), "transaction.version_unsupported");
    const inside = wire.with(1 + 128, 0x81);
    expectRefusal(await post(visitor, inside), "transaction.version_unsupported");
  });

  test("of more than a packet are too large", async () => {
    const wire = await wireOf(visitor, [memo([visitor.wallet.address], "x".repeat(1_100))]);
    expect(wire.length).toBeGreaterThan(1_232);
    expectRefusal(await post(visitor, wire), "transaction.too_large");
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

test("the plain transaction, of which these are changes, would have been sponsored", async () => {
  const other = await visitNewProject(stack);
  const answer = await post(other, await wireOf(other, [memo([other.wallet.address], "hello")]));
  expect(answer.status).toBe(202);
  stack.solana.faults.resetCalls();
});
