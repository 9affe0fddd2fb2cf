import { requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlainInstruction } from "../support/assemble.ts";
import {
  computeLimit,
  computePrice,
  COMPUTE_BUDGET,
  memo,
  MEMO,
  RECENT_BLOCKHASHES,
  SYSTEM,
  transferSol,
} from "../support/instructions.ts";
import { type MemoChanges, memoOfText, proveTransaction, randomAddress } from "../support/memo-attempts.ts";
import { impossibleBlockhash } from "../support/method-proofs.ts";
import { postSession } from "../support/proofs.ts";
import {
  type Attempt,
  encodeText,
  expectOnlyGenuine,
  expectOpened,
  expectRefused,
  proveGenuinely,
  textOfAttempt,
  tryMethods,
  withNewChallenge,
} from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, visit, wireOf } from "../support/visitor.ts";

/** Source: Lighthouse 2.0.0. */
const LIGHTHOUSE = "L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95";
const MEMO_PROGRAMS = [
  "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo",
  MEMO,
  "Memo4c2pN8afCj432Lb7RMVKi9PbQnnW7ewFFaV3oAH",
] as const;
/** Source: Solana, the packed length of a transaction. */
const MAX_WIRE_BYTES = 1_232;

let stack: Stack;
let other: LocalWallet;
beforeAll(async () => {
  stack = await startStack();
  other = await createWallet();
});
afterAll(() => stack.close());

const tryMemo = (work: (attempt: Attempt) => Promise<void>): Promise<void> =>
  tryMethods(stack, work, { methods: ["memo-transaction"] });

/** Reads an account and fails the transaction, or does nothing. */
const assertAccountInfo = (account: string): PlainInstruction => ({
  program: LIGHTHOUSE,
  accounts: [[account, "r"]],
  data: [5, 0, 0, 1],
});
const assertClock: PlainInstruction = { program: LIGHTHOUSE, data: [15, 0, 1] };
const heapFrame: PlainInstruction = { program: COMPUTE_BUDGET, data: [1, 0, 0, 1, 0] };

type Changes = (attempt: Attempt) => MemoChanges | Promise<MemoChanges>;
const beside =
  (...instructions: readonly PlainInstruction[]): Changes =>
  (attempt) => ({ instructions: [...instructions, memoOfText(attempt)] });

describe("a sign-in transaction opens a session", () => {
  test.each<[string, Changes]>([
    ["in version 0", () => ({})],
    ["in the legacy form", () => ({ version: "legacy" })],
    ["with a limit and a price for computing", beside(computeLimit(20_000), computePrice(1))],
    [
      "with the memo signed for by its wallet",
      (own) => ({ instructions: [memo([own.wallet.address], textOfAttempt(own))] }),
    ],
    ["with two of Lighthouse's assertions", (own) => beside(assertAccountInfo(own.wallet.address), assertClock)(own)],
    [
      "with everything that wallets add",
      (own) => beside(computeLimit(1), computePrice(1), heapFrame, assertClock, assertClock)(own),
    ],
    ...MEMO_PROGRAMS.map(
      (program) =>
        [
          `with the memo program ${program}`,
          (own: Attempt) => ({ instructions: [memoOfText(own, program)] }),
        ] satisfies [string, Changes],
    ),
  ])("%s", async (_name, changesOf) => {
    await tryMemo(async (attempt) => expectOpened(attempt, await proveTransaction(attempt, await changesOf(attempt))));
  });

  test("that the challenge itself has brought along, signed as it is", async () => {
    await tryMemo(async ({ target, wallet, ...rest }) => {
      const { address } = wallet;
      const challenge = await requestChallenge(target, { method: "memo-transaction", address });
      const wire = Buffer.from(challenge.payload?.transaction ?? "", "base64");
      expect(wire.length).toBeLessThanOrEqual(MAX_WIRE_BYTES);
      expect(wire.subarray(1, 65).every((byte) => byte === 0)).toBe(true);
      const signature = await wallet.sign(wire.subarray(65));
      wire.set(signature, 1);
      const { challengeId } = challenge;
      const proof = { challengeId, network: target.network, address, method: "memo-transaction" };
      await expectOpened(
        { target, wallet, ...rest },
        { ...proof, signature: toBase64(signature), transaction: toBase64(wire) },
      );
    });
  });

  test("that is the same whoever writes it: the challenge's is what an encoder of others makes", async () => {
    await tryMemo(async ({ target, wallet, method }) => {
      const { address } = wallet;
      const challenge = await requestChallenge(target, { method, address });
      const attempt = { target, wallet, method, challenge };
      const signedFor = { instructions: [memo([address], textOfAttempt(attempt))] };
      const proof = await proveTransaction(attempt, signedFor);
      const [theirs, ours] = [challenge.payload?.transaction, proof.transaction].map((text = "") =>
        Buffer.from(text, "base64").subarray(65).toString("hex"),
      );
      expect(theirs).toBe(ours);
      await expectOpened(attempt, proof);
    });
  });
});

const WRONG: readonly (readonly [string, Changes])[] = [
  [
    "with a block's own hash, with which it could land",
    async () => {
      const { value } = await stack.callRpc<{ value: { blockhash: string } }>("getLatestBlockhash", []);
      return { blockhash: value.blockhash };
    },
  ],
  [
    "with the hash of another challenge",
    async ({ target }) => ({ blockhash: impossibleBlockhash((await requestChallenge(target, {})).challengeId) }),
  ],
  ["with the hash of no challenge", () => ({ blockhash: impossibleBlockhash("") })],
  ["with a hash of zeros", () => ({ blockhash: SYSTEM })],
  [
    "paid by another wallet, which signs too",
    (own) => ({
      feePayer: other.address,
      instructions: [memo([own.wallet.address], textOfAttempt(own))],
      others: [other],
    }),
  ],
  [
    "paid by another wallet, in whose place ours has signed",
    ({ wallet }) => ({ feePayer: other.address, others: [{ address: other.address, sign: wallet.sign }] }),
  ],
  ["paid and signed by another wallet alone", () => ({ feePayer: other.address, others: [other] })],
  [
    "that a second wallet signs",
    (own) => ({ instructions: [memo([other.address], textOfAttempt(own))], others: [other] }),
  ],
  [
    "that a second wallet has to sign and has not",
    (own) => ({ instructions: [memo([other.address], textOfAttempt(own))] }),
  ],
  [
    "whose memo names an account that may be written to",
    (own) => ({ instructions: [{ ...memoOfText(own), accounts: [[other.address, "w"]] }] }),
  ],
  [
    "whose memo names an account that is only read",
    (own) => ({ instructions: [{ ...memoOfText(own), accounts: [[other.address, "r"]] }] }),
  ],
  ["whose memo program may be written to", () => ({ change: (model) => ({ ...model, readonlyUnsigned: 0 }) })],
  [
    "with one more account that may be written to, which nothing names",
    () => ({
      change: (model) => ({
        ...model,
        accounts: [model.accounts[0] ?? "", randomAddress(), ...model.accounts.slice(1)],
        instructions: model.instructions.map((one) => ({ ...one, program: one.program + 1 })),
      }),
    }),
  ],
  [
    "with a lookup table to write to",
    () => ({ change: (model) => ({ ...model, tables: [{ address: randomAddress(), writable: [0], readonly: [] }] }) }),
  ],
  [
    "with a lookup table to read from",
    () => ({ change: (model) => ({ ...model, tables: [{ address: randomAddress(), writable: [], readonly: [0] }] }) }),
  ],
  ["with another memo behind it", (own) => ({ instructions: [memoOfText(own), memo([], "hello")] })],
  [
    "with another memo program's memo behind it",
    (own) => ({ instructions: [memoOfText(own), memo([], "hello", MEMO_PROGRAMS[0])] }),
  ],
  ["with another memo before it", beside(memo([], "hello"))],
  ["with another memo program's memo before it", beside(memo([], "hello", MEMO_PROGRAMS[0]))],
  ["with an empty memo before it", beside(memo([], ""))],
  [
    "with its memo in two halves",
    (own) => ({ instructions: [memo([], textOfAttempt(own).slice(0, 200)), memo([], textOfAttempt(own).slice(200))] }),
  ],
  [
    "with a memo that is changed by a byte",
    (own) => ({ instructions: [memo([], textOfAttempt(own).replace("free", "fre3"))] }),
  ],
  ["with a memo and a byte", (own) => ({ instructions: [memo([], `${textOfAttempt(own)}\n`)] })],
  ["without a memo", () => ({ instructions: [computeLimit(1)] })],
  ["that pays a lamport to somebody", (own) => beside(transferSol(own.wallet.address, other.address, 1))(own)],
  ["that pays nothing to its own wallet", (own) => beside(transferSol(own.wallet.address, own.wallet.address, 0))(own)],
  [
    "that advances a nonce, so that no hash of a block is needed",
    (own) =>
      beside({
        program: SYSTEM,
        accounts: [
          [randomAddress(), "w"],
          [RECENT_BLOCKHASHES, "r"],
          [own.wallet.address, "s"],
        ],
        data: [4, 0, 0, 0],
      })(own),
  ],
  ["with a program that nobody knows", (own) => beside({ program: randomAddress(), data: [1] })(own)],
  [
    "with the text for a program that is no memo program",
    (own) => ({ instructions: [memoOfText(own, randomAddress())] }),
  ],
  ["with the text for the System program", (own) => ({ instructions: [memoOfText(own, SYSTEM)] })],
  ["with three of Lighthouse's assertions", beside(assertClock, assertClock, assertClock)],
  [
    "that lets Lighthouse write to its memory",
    (own) =>
      beside({
        program: LIGHTHOUSE,
        accounts: [
          [LIGHTHOUSE, "r"],
          [SYSTEM, "r"],
          [own.wallet.address, "ws"],
          [randomAddress(), "w"],
        ],
        data: [0, 0, 0],
      })(own),
  ],
  [
    "that lets Lighthouse close its memory",
    (own) =>
      beside({
        program: LIGHTHOUSE,
        accounts: [
          [LIGHTHOUSE, "r"],
          [own.wallet.address, "ws"],
          [randomAddress(), "w"],
        ],
        data: [1, 0, 0],
      })(own),
  ],
  ["with a word to Lighthouse that it has not", beside({ program: LIGHTHOUSE, data: [200] })],
  ["with a word about computing that there is not", beside({ program: COMPUTE_BUDGET, data: [99, 0, 0, 0, 0] })],
  ["in version 1", () => ({ version: 1, config: { computeUnits: 1_000, dataSize: 1_000 } })],
  [
    "that nobody has signed",
    () => ({ spoil: (wire) => Buffer.concat([wire.subarray(0, 1), Buffer.alloc(64), wire.subarray(65)]) }),
  ],
  ["with a byte behind it", () => ({ spoil: (wire) => Buffer.concat([wire, Buffer.alloc(1)]) })],
  ["with a byte too few", () => ({ spoil: (wire) => wire.subarray(0, -1) })],
  ["of one byte", () => ({ spoil: (wire) => wire.subarray(0, 1) })],
  [
    "with its signature twice",
    () => ({ spoil: (wire) => Buffer.concat([Buffer.from([2]), wire.subarray(1, 65), wire.subarray(1)]) }),
  ],
  ["with no signature at all", () => ({ spoil: (wire) => Buffer.concat([Buffer.from([0]), wire.subarray(65)]) })],
  [
    "with the number of its signatures written too long",
    () => ({ spoil: (wire) => Buffer.concat([Buffer.from([0x81, 0]), wire.subarray(1)]) }),
  ],
  ["of its message alone", () => ({ spoil: (wire) => wire.subarray(65) })],
  [
    "with a bit of its message flipped after it was signed",
    () => ({
      spoil: (wire) => {
        wire[300] = (wire[300] ?? 0) ^ 1;
        return wire;
      },
    }),
  ],
  ["that is larger than a packet", () => ({ spoil: (wire) => Buffer.concat([wire, Buffer.alloc(MAX_WIRE_BYTES)]) })],
];

describe("a transaction, honestly signed,", () => {
  test.each(WRONG)("%s opens no session, and the genuine one does", async (_name, changesOf) => {
    await tryMemo(async (attempt) => {
      const wrong = await proveTransaction(attempt, await changesOf(attempt));
      await expectOnlyGenuine(attempt, wrong, "auth.signature_invalid");
    });
  });

  test("with another signature beside it than in it opens no session", async () => {
    await tryMemo(async (attempt) => {
      const own = await proveGenuinely(attempt);
      const text = toBase64(await attempt.wallet.sign(encodeText(textOfAttempt(attempt))));
      for (const signature of [text, toBase64(Buffer.alloc(64)), toBase64(Buffer.alloc(65, 1))]) {
        await expectRefused(attempt, { ...own, signature }, "auth.signature_invalid");
      }
      await expectOpened(attempt, own);
    });
  });

  test("proves nothing of a wallet that it does not pay from", async () => {
    await tryMemo(async (attempt) => {
      const own = await proveGenuinely(attempt);
      await expectOnlyGenuine(attempt, { ...own, address: other.address }, "auth.signature_invalid");
      const thief = await withNewChallenge({ ...attempt, wallet: { ...attempt.wallet, sign: other.sign } });
      await expectRefused(thief, await proveTransaction(thief), "auth.signature_invalid");
    });
  });

  test("needs its transaction, and does not fit the schema without it", async () => {
    await tryMemo(async (attempt) => {
      const { transaction: _transaction, ...bare } = await proveGenuinely(attempt);
      await expectOnlyGenuine(attempt, bare, { invalid: ["/transaction"] });
    });
  });
});

describe("a sign-in transaction", () => {
  const signInWire = async (attempt: Attempt): Promise<Buffer> =>
    Buffer.from((await proveGenuinely(attempt)).transaction ?? "", "base64");

  test("that somebody has got hold of is sponsored for nobody, its own wallet included", async () => {
    await tryMethods(
      stack,
      async (attempt) => {
        const visitor = await visit(attempt.target, attempt.wallet);
        const wire = await signInWire(attempt);
        expectRefusal(await post(visitor, wire), "transaction.wrong_fee_payer");
        const opened = await postSession(attempt.target, await proveGenuinely(attempt));
        expect(opened.status).toBe(201);
        expectRefusal(await post(visitor, wire), "transaction.wrong_fee_payer");
        const { rowCount } = await stack.database.query("select from relays where project_id = $1", [
          attempt.target.projectId,
        ]);
        expect(rowCount).toBe(0);
      },
      { methods: ["memo-transaction"], opens: 2 },
    );
  });

  /** As anybody could who has read it off a screen. */
  async function send(wire: Uint8Array, skipPreflight: boolean): Promise<{ error?: { message: string } }> {
    const params = [toBase64(wire), { encoding: "base64", skipPreflight }];
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "sendTransaction", params });
    const headers = { "content-type": "application/json" };
    const response = await fetch(stack.solana.httpUrl, { method: "POST", headers, body });
    return (await response.json()) as { error?: { message: string } };
  }

  test("does not land when it is sent, though its wallet could pay for it", async () => {
    await tryMemo(async (attempt) => {
      const { address } = attempt.wallet;
      await stack.airdrop(address, 1_000_000_000n);
      const wire = await signInWire(attempt);
      expect((await send(wire, false)).error?.message).toContain("Blockhash not found");
      await send(wire, true);
      stack.solana.chain.finalize();
      const id = base58.encode(wire.subarray(1, 65));
      const { value } = await stack.callRpc<{ value: unknown[] }>("getSignatureStatuses", [[id]]);
      expect(value).toEqual([null]);
      expect(await stack.balanceOf(address)).toBe(1_000_000_000n);
      // Its twin with a block's own hash lands: it is the hash that keeps the other one out.
      const latest = await stack.callRpc<{ value: { blockhash: string } }>("getLatestBlockhash", []);
      const twin = await proveTransaction(attempt, { blockhash: latest.value.blockhash });
      expect((await send(Buffer.from(twin.transaction ?? "", "base64"), false)).error).toBeUndefined();
      stack.solana.chain.finalize();
      expect(await stack.balanceOf(address)).toBeLessThan(1_000_000_000n);
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });

  test("is none that was made to be sponsored", async () => {
    await tryMethods(
      stack,
      async (attempt) => {
        const visitor = await visit(attempt.target, attempt.wallet);
        const wire = await wireOf(visitor, [memo([attempt.wallet.address], textOfAttempt(attempt))]);
        const own = await proveGenuinely(attempt);
        for (const signature of [wire.subarray(1, 65), wire.subarray(65, 129)]) {
          const wrong = { ...own, transaction: toBase64(wire), signature: toBase64(signature) };
          await expectRefused(attempt, wrong, "auth.signature_invalid");
        }
      },
      { methods: ["memo-transaction"] },
    );
  });
});
