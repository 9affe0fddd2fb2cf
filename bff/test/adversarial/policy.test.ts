import { followRelay } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { MEMO_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
import {
  ASSOCIATED_TOKEN,
  COMPUTE_BUDGET,
  computeLimit,
  computePrice,
  memo,
  SYSTEM,
  TOKEN,
  TOKEN_2022,
  transferSol,
  transferTokens,
  transferTokensChecked,
} from "../support/instructions.ts";
import type { MessageVersion } from "../support/message.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint, placeTokenAccount, tokensIn } from "../support/token-scene.ts";
import { wireV1Of } from "../support/version-1.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";
import { addressOf } from "../support/wire.ts";

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

type Build = (user: string) => readonly PlainInstruction[];

/** Refused by its bytes in every format: no node was asked, nothing is written. */
async function expectRefusedByBytes(build: Build, code: ErrorCode, context?: object): Promise<void> {
  const instructions = build(visitor.wallet.address);
  const wires = [
    await wireOf(visitor, instructions, { version: "legacy" }),
    await wireOf(visitor, instructions, { version: 0 }),
    await wireV1Of(visitor, instructions),
  ];
  for (const wire of wires) {
    const body = expectRefusal(await post(visitor, wire), code);
    if (context) expect(body.context).toMatchObject(context);
  }
  expect(stack.solana.faults.calls("simulateTransaction")).toBe(0);
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
}

const signed = (user: string, ...instructions: readonly PlainInstruction[]) => [
  memo([user], "signed"),
  ...instructions,
];
const ED25519 = "Ed25519SigVerify111111111111111111111111111";
const friend = addressOf(80);
const ASSERTION: PlainInstruction = {
  program: "L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95",
  accounts: [[friend, "r"]],
  data: [5, 0, 1],
};

describe("the demo project's policy refuses", () => {
  test.each<[string, ErrorCode, Build]>([
    ["a program that nobody listed", "policy.program_not_allowed", (user) => signed(user, { program: addressOf(81) })],
    ["Token-2022", "policy.program_not_allowed", (user) => [transferTokens(friend, friend, user, 1, TOKEN_2022)]],
    [
      "a token account of another program than those that have tokens",
      "policy.instruction_unknown",
      (user) => signed(user, { program: ASSOCIATED_TOKEN, accounts: [[user, "ws"]], data: [0] }),
    ],
    [
      "the rescue of a token account within a token account",
      "policy.instruction_not_allowed",
      (user) => [
        {
          program: ASSOCIATED_TOKEN,
          accounts: [
            [friend, "w"],
            [friend, "r"],
            [friend, "w"],
            [friend, "r"],
            [friend, "r"],
            [user, "ws"],
            [TOKEN, "r"],
          ],
          data: [2],
        },
      ],
    ],
    [
      "a signature check of a precompile, which costs like a signature",
      "policy.program_not_allowed",
      (user) => signed(user, { program: ED25519, data: [1] }),
    ],
    [
      "System assign",
      "policy.instruction_not_allowed",
      (user) => [{ program: SYSTEM, accounts: [[user, "ws"]], data: [1, 0, 0, 0, ...new Uint8Array(32)] }],
    ],
    ["a token approval", "policy.instruction_not_allowed", (user) => [approval(user)]],
    [
      "a token approval in a batch",
      "policy.instruction_not_allowed",
      (user) => [batchOf(transferTokens(friend, friend, user, 1), approval(user))],
    ],
    [
      "somebody else's tokens in a batch, though the user signs along",
      "policy.argument_not_allowed",
      (user) => signed(user, batchOf(transferTokens(friend, friend, user, 1), tokensOf(friend))),
    ],
    [
      "a heap frame",
      "policy.instruction_not_allowed",
      (user) => signed(user, { program: COMPUTE_BUDGET, data: [1, 0, 0, 4, 0] }),
    ],
    [
      "a System instruction with an unknown number",
      "policy.instruction_unknown",
      (user) => [{ program: SYSTEM, accounts: [[user, "s"]], data: [200, 0, 0, 0] }],
    ],
    ["a System instruction without data", "policy.instruction_unknown", (user) => signed(user, { program: SYSTEM })],
    [
      "a batch that is cut off",
      "policy.instruction_unknown",
      (user) => signed(user, { program: TOKEN, data: [255, 3, 9, 3, ...littleEndian(1, 8)] }),
    ],
    [
      "a batch in a batch",
      "policy.instruction_unknown",
      (user) => [batchOf(batchOf(transferTokens(friend, friend, user, 1)))],
    ],
    [
      "an assertion, which no wallet of this project adds",
      "policy.program_not_allowed",
      (user) => signed(user, ASSERTION),
    ],
    [
      "a transfer with bytes behind it",
      "policy.instruction_unknown",
      (user) => [{ ...transferSol(user, friend, 1), data: [2, 0, 0, 0, ...littleEndian(1, 8), 0] }],
    ],
    [
      "a token transfer with bytes behind it",
      "policy.instruction_unknown",
      (user) => [{ ...transferTokens(friend, friend, user, 1), data: [3, ...littleEndian(1, 8), 0] }],
    ],
    [
      "a compute limit with bytes behind it",
      "policy.instruction_unknown",
      (user) => signed(user, { program: COMPUTE_BUDGET, data: [2, 1, 0, 0, 0, 9] }),
    ],
    [
      "a transfer from somebody else",
      "policy.argument_not_allowed",
      (user) => signed(user, transferFrom(friend, user)),
    ],
    [
      "somebody else's tokens, though the user signs along",
      "policy.argument_not_allowed",
      (user) => signed(user, tokensOf(friend)),
    ],
    [
      "a compute price above its bound",
      "policy.fee_exceeded",
      (user) => signed(user, computeLimit(1), computePrice(50_001)),
    ],
    ["a compute limit above its bound", "policy.fee_exceeded", (user) => signed(user, computeLimit(200_001))],
    ["a price that would be dear without a limit", "policy.fee_exceeded", (user) => signed(user, computePrice(20_000))],
    ["the largest price there is", "policy.fee_exceeded", (user) => signed(user, computePrice(2n ** 64n - 1n))],
    ["two compute limits", "policy.fee_exceeded", (user) => signed(user, computeLimit(1), computeLimit(1))],
    ["two compute prices", "policy.fee_exceeded", (user) => signed(user, computePrice(0), computePrice(0))],
  ])("%s with %s", async (_, code, build) => {
    await expectRefusedByBytes(build, code);
  });

  test("a fourth signature", async () => {
    const others = await Promise.all([createWallet(), createWallet(), createWallet()]);
    const all = [visitor.wallet, ...others].map(({ address }) => address);
    const wire = await wireOf(visitor, [memo(all, "all of us")], { others });
    expect(expectRefusal(await post(visitor, wire), "policy.fee_exceeded").context).toMatchObject({
      observed: "5",
      limit: "3",
    });
  });

  test("a durable nonce, before its blockhash and its instructions are looked at", async () => {
    const advance: Build = (user) => [
      {
        program: SYSTEM,
        accounts: [
          [friend, "w"],
          [addressOf(82), "r"],
          [user, "s"],
        ],
        data: [4, 0, 0, 0],
      },
      { program: addressOf(81) },
    ];
    visitor = { ...visitor, blockhash: addressOf(83) };
    await expectRefusedByBytes(advance, "policy.durable_nonce_not_allowed");
  });

  test("naming the instruction that is wrong", async () => {
    const build: Build = (user) => [...signed(user), memo([user], "two"), { program: addressOf(81) }];
    await expectRefusedByBytes(build, "policy.program_not_allowed", { instruction: 2, program: addressOf(81) });
  });
});

/** What SPL Token's batch instruction carries: the number of accounts, the length of the data and the data of each. */
function batchOf(...carried: readonly PlainInstruction[]): PlainInstruction {
  return {
    program: TOKEN,
    accounts: carried.flatMap(({ accounts = [] }) => accounts),
    data: [
      255,
      ...carried.flatMap(({ accounts = [], data = [] }) => [accounts.length, data.length, ...Array.from(data)]),
    ],
  };
}

function approval(owner: string): PlainInstruction {
  const accounts: PlainInstruction["accounts"] = [
    [friend, "w"],
    [friend, "r"],
    [owner, "s"],
  ];
  return { program: TOKEN, accounts, data: [4, ...littleEndian(1, 8)] };
}

function transferFrom(from: string, to: string): PlainInstruction {
  return {
    ...transferSol(from, to, 1),
    accounts: [
      [from, "w"],
      [to, "w"],
    ],
  };
}

function tokensOf(owner: string): PlainInstruction {
  const accounts: PlainInstruction["accounts"] = [
    [addressOf(84), "w"],
    [addressOf(85), "w"],
    [owner, "r"],
  ];
  return { program: TOKEN, accounts, data: [3, ...littleEndian(1, 8)] };
}

describe("what is sponsored really lands, paid by the sponsor alone", () => {
  interface Sent {
    readonly instructions: readonly PlainInstruction[];
    readonly version?: MessageVersion;
  }

  async function land({ instructions, version = 0 }: Sent): Promise<bigint> {
    const wire =
      version === 1 ? await wireV1Of(visitor, instructions) : await wireOf(visitor, instructions, { version });
    const answer = await post(visitor, wire);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    const relay = await followRelay(visitor.target, visitor.token, answer.body.id);
    expect(relay).toMatchObject({ state: "finalized", failure: null });
    const charged = BigInt(relay.fee.charged ?? "-1");
    expect(charged).toBeLessThanOrEqual(BigInt(relay.fee.quoted));
    return charged;
  }

  async function expectLanded(...sent: readonly Sent[]): Promise<void> {
    const before = await stack.balanceOf(visitor.sponsor);
    const charges = await Promise.all(sent.map(land));
    const sum = charges.reduce((total, charged) => total + charged, 0n);
    expect(before - (await stack.balanceOf(visitor.sponsor))).toBe(sum);
  }

  test("a memo, by each of the three memo programs, in every format", async () => {
    const versions = ["legacy", 0, 1] as const;
    const memos = MEMO_PROGRAMS.flatMap((program) =>
      versions.map((version) => ({
        instructions: [memo([visitor.wallet.address], `hello ${version}`, program)],
        version,
      })),
    );
    await expectLanded(...memos);
  });

  test("the user's own SOL, with a compute limit and a price", async () => {
    const { address } = visitor.wallet;
    const { address: to } = await createWallet();
    await stack.airdrop(address, 5_000_000n);
    await expectLanded({
      instructions: [computeLimit(2_000), computePrice(50_000), transferSol(address, to, 4_000_000)],
    });
    expect([await stack.balanceOf(address), await stack.balanceOf(to)]).toEqual([1_000_000n, 4_000_000n]);
  });

  test("the user's own SOL, with a priority fee in the message's own config", async () => {
    const { address } = visitor.wallet;
    const { address: to } = await createWallet();
    await stack.airdrop(address, 5_000_000n);
    const config = { computeUnits: 2_000, priorityFee: 100n };
    const wire = await wireV1Of(visitor, [transferSol(address, to, 4_000_000)], { config });
    const answer = await post(visitor, wire);
    expect(answer.body.fee, JSON.stringify(answer.body)).toEqual({ quoted: "10100", charged: null });
    const relay = await followRelay(visitor.target, visitor.token, answer.body.id);
    expect(relay).toMatchObject({ state: "finalized", fee: { quoted: "10100", charged: "10100" } });
    expect(await stack.balanceOf(to)).toBe(4_000_000n);
  });

  test("the user's own tokens in a batch, which is judged as what it carries", async () => {
    const { address } = visitor.wallet;
    const mint = placeMint(stack);
    const from = placeTokenAccount(stack, { mint, owner: address, amount: 500 });
    const to = placeTokenAccount(stack, { mint, owner: friend });
    const each = (amount: number) => transferTokens(from, to, address, amount);
    await expectLanded({ instructions: [batchOf(each(100), each(50))] });
    expect([await tokensIn(stack, from), await tokensIn(stack, to)]).toEqual(["350", "150"]);
  });

  test("the user's own tokens, checked and not", async () => {
    const { address } = visitor.wallet;
    const mint = placeMint(stack);
    const from = placeTokenAccount(stack, { mint, owner: address, amount: 500 });
    const to = placeTokenAccount(stack, { mint, owner: friend });
    await expectLanded(
      { instructions: [transferTokens(from, to, address, 100)], version: "legacy" },
      { instructions: [transferTokensChecked({ from, mint, to, owner: address }, 50, 2)] },
    );
    expect([await tokensIn(stack, from), await tokensIn(stack, to)]).toEqual(["350", "150"]);
    expect(await stack.balanceOf(address)).toBe(0n);
  });
});
