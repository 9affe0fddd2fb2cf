import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
import { memo, SYSTEM } from "../support/instructions.ts";
import { ALLOWS_EVERYTHING } from "../support/policies.ts";
import { type Cast, type Misuse, OTHER_MISUSES, SYSTEM_MISUSES, TOKEN_MISUSES } from "../support/sponsor-misuse.ts";
import { type Stack, startStack } from "../support/stack.ts";
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
let spare: string;
let balance: bigint;

beforeAll(async () => {
  stack = await startStack();
  ({ address: spare } = await createWallet());
  await stack.database.query("insert into sponsors (id, network, address) values ('spn_spare', $1, $2)", [
    "solana:localnet",
    spare,
  ]);
});
afterAll(() => stack.close());
beforeEach(async () => {
  visitor = await visitNewProject(stack, { policy: ALLOWS_EVERYTHING });
  balance = await stack.balanceOf(visitor.sponsor);
  stack.solana.faults.resetCalls();
});

/** Whatever was tried: no node was asked, nothing was signed or sent, nothing is held, nothing is spent. */
afterEach(async () => {
  expect(stack.solana.faults.calls("simulateTransaction")).toBe(0);
  expect(stack.solana.faults.calls("sendTransaction")).toBe(0);
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  expect(await stack.balanceOf(visitor.sponsor)).toBe(balance);
});

const castWith = (sponsor: string): Cast => ({
  sponsor,
  user: visitor.wallet.address,
  account: addressOf(50),
  other: addressOf(51),
  mint: addressOf(52),
});

async function expectMisused(instructions: readonly PlainInstruction[], at: number): Promise<void> {
  const wires = [
    await wireOf(visitor, instructions, { version: "legacy" }),
    await wireOf(visitor, instructions, { version: 0 }),
    await wireV1Of(visitor, instructions),
  ];
  for (const wire of wires) {
    const body = expectRefusal(await post(visitor, wire), "policy.fee_payer_misused");
    expect(body.context).toEqual({ instruction: at });
  }
}

/** The user signs beside it, so that nothing but the sponsor's own place is wrong. */
const alone = (misuse: Misuse): PlainInstruction[] => {
  const instruction = misuse.by(castWith(visitor.sponsor));
  return [instruction, memo([visitor.wallet.address], "and I sign this")];
};

describe("a policy that allows everything does not allow the sponsor as an actor", () => {
  describe.each([
    ["System", SYSTEM_MISUSES],
    ["tokens", TOKEN_MISUSES],
    ["everything else", OTHER_MISUSES],
  ])("of %s", (_, misuses) => {
    test.each(misuses)("$name", async (misuse) => {
      await expectMisused(alone(misuse), 0);
    });
  });

  test("the sponsor hidden in the last of many instructions", async () => {
    const { address } = visitor.wallet;
    const [transfer] = SYSTEM_MISUSES;
    const harmless = ["one", "two", "three"].map((text) => memo([address], text));
    await expectMisused([...harmless, ...(transfer ? [transfer.by(castWith(visitor.sponsor))] : [])], 3);
  });

  test("a nonce that the sponsor advances behind another instruction", async () => {
    const { sponsor, user, account } = castWith(visitor.sponsor);
    const advance: PlainInstruction = {
      program: SYSTEM,
      accounts: [
        [account, "w"],
        [addressOf(53), "r"],
        [sponsor, "s"],
      ],
      data: [4, 0, 0, 0],
    };
    await expectMisused([memo([user], "first"), advance], 1);
    for (const version of ["legacy", 0] as const) {
      const wire = await wireOf(visitor, [advance, memo([user], "second")], { version });
      expectRefusal(await post(visitor, wire), "policy.durable_nonce_not_allowed");
    }
  });
});

describe("another sponsor of the pool is as untouchable", () => {
  test.each(["w", "r"] as const)("where an instruction lists it (%s)", async (role) => {
    const { address } = visitor.wallet;
    const accounts: PlainInstruction["accounts"] = [
      [address, "ws"],
      [spare, role],
    ];
    const transfer = { program: SYSTEM, accounts, data: [...littleEndian(2, 4), ...littleEndian(1, 8)] };
    await expectMisused([transfer], 0);
  });

  test("where it is called as a program", async () => {
    await expectMisused([{ program: spare }, memo([visitor.wallet.address], "and I sign this")], 0);
  });
});
