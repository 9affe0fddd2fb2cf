import {
  AccountRole,
  type Address,
  appendTransactionMessageInstructions,
  blockhash,
  compileTransactionMessage,
  createTransactionMessage,
  getAddressDecoder,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  type Instruction as KitInstruction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from "@solana/kit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readInput } from "./input.ts";
import {
  compileMessage,
  messageOf,
  readInstructions,
  readMessage,
  unsignedTransaction,
  withFeePayer,
} from "./message.ts";

/** Keys that differ: a program can neither sign nor pay. */
const keys = Array.from({ length: 16 }, (_, index) => getAddressDecoder().decode(new Uint8Array(32).fill(index + 1)));
const [sponsor, user, old, hash, program, ...others] = keys as [
  Address,
  Address,
  Address,
  Address,
  Address,
  ...Address[],
];
const account = fc.record({
  address: fc.constantFrom(user, ...others.slice(3)),
  role: fc.constantFrom<AccountRole[]>(0, 1, 2, 3),
});
const instructionList: fc.Arbitrary<KitInstruction[]> = fc.array(
  fc.record({
    programAddress: fc.constantFrom(program, ...others.slice(0, 3)),
    accounts: fc.array(account, { maxLength: 6 }),
    data: fc.uint8Array({ maxLength: 300 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The same transaction as `@solana/kit` compiles it; the wallet signs, whether an instruction says so or not. */
function byKit(
  version: "legacy" | 0,
  payer: Address,
  hash: string,
  instructions: readonly KitInstruction[],
): Uint8Array {
  const message = pipe(
    createTransactionMessage({ version }),
    (made) => setTransactionMessageFeePayer(payer, made),
    (made) =>
      setTransactionMessageLifetimeUsingBlockhash({ blockhash: blockhash(hash), lastValidBlockHeight: 0n }, made),
    (made) => appendTransactionMessageInstructions(instructions, made),
  );
  return new Uint8Array(getCompiledTransactionMessageEncoder().encode(compileTransactionMessage(message)));
}

/** What a message says, whatever the order in which it lists its accounts. */
function meaningOf(bytes: Uint8Array) {
  const { header, staticAccounts, lifetimeToken, instructions, version } =
    getCompiledTransactionMessageDecoder().decode(bytes) as unknown as {
      version: unknown;
      header: { numSignerAccounts: number; numReadonlySignerAccounts: number; numReadonlyNonSignerAccounts: number };
      staticAccounts: readonly string[];
      lifetimeToken: string;
      instructions: readonly { programAddressIndex: number; accountIndices?: readonly number[]; data?: Uint8Array }[];
    };
  const isWritable = (index: number) =>
    index < header.numSignerAccounts
      ? index < header.numSignerAccounts - header.numReadonlySignerAccounts
      : index < staticAccounts.length - header.numReadonlyNonSignerAccounts;
  return {
    version,
    lifetimeToken,
    payer: staticAccounts[0],
    roles: Object.fromEntries(
      staticAccounts.map((each, index) => [each, [index < header.numSignerAccounts, isWritable(index)]]),
    ),
    instructions: instructions.map(({ programAddressIndex, accountIndices = [], data = new Uint8Array() }) => ({
      program: staticAccounts[programAddressIndex],
      accounts: accountIndices.map((index) => staticAccounts[index]),
      data: [...data],
    })),
  };
}

describe("a message", () => {
  test("says what the same instructions say in @solana/kit", () => {
    fc.assert(
      fc.property(instructionList, (instructions) => {
        const mine = compileMessage(sponsor, hash, user, instructions);
        // Kit has no signer without an instruction: one that names the wallet stands for it, and is left out again.
        const signing = {
          programAddress: instructions[0]?.programAddress ?? program,
          accounts: [{ address: user, role: 2 }],
        };
        const theirs = meaningOf(byKit(0, sponsor, hash, [...instructions, signing]));
        expect(meaningOf(mine)).toEqual({ ...theirs, instructions: theirs.instructions.slice(0, -1) });
      }),
      { numRuns: 100 },
    );
  });

  test("whose signer pays for itself names it once, as who signs and pays", () => {
    const mine = compileMessage(user, hash, user, [
      { programAddress: program, accounts: [{ address: user, role: 0 }] },
    ]);
    const theirs = byKit(0, user, hash, [{ programAddress: program, accounts: [{ address: user, role: 0 }] }]);
    expect(meaningOf(mine)).toEqual(meaningOf(theirs));
  });

  test.each(["legacy", 0] as const)("of version %s calls what @solana/kit says that it calls", (version) => {
    fc.assert(
      fc.property(instructionList, (instructions) => {
        const given = byKit(version, user, hash, instructions);
        const { accounts } = readMessage(given);
        const mine = readInstructions(given).map((each) => ({
          program: each.programAddress,
          accounts: [...each.accounts].map((index) => accounts[index]),
          data: [...each.data],
        }));
        expect(mine).toEqual(meaningOf(given).instructions);
      }),
      { numRuns: 100 },
    );
  });

  test.each(["legacy", 0] as const)(
    "of version %s that names another fee payer gets the sponsor, and nothing else changes",
    (version) => {
      fc.assert(
        fc.property(instructionList, (instructions) => {
          const given = byKit(version, user, old, instructions);
          const sponsored = withFeePayer(given, sponsor, hash);
          const before = meaningOf(given);
          expect(meaningOf(sponsored)).toEqual({
            ...before,
            payer: sponsor,
            lifetimeToken: hash,
            roles: { ...before.roles, [sponsor]: [true, true] },
          });
        }),
        { numRuns: 100 },
      );
    },
  );

  test("that was prepared for the sponsor already only gets a fresh blockhash", () => {
    const given = byKit(0, sponsor, old, [{ programAddress: program, accounts: [{ address: user, role: 3 }] }]);
    expect(meaningOf(withFeePayer(given, sponsor, hash))).toEqual({ ...meaningOf(given), lifetimeToken: hash });
  });

  test("that uses the sponsor for itself is refused before anybody is asked", () => {
    const given = byKit(0, user, hash, [{ programAddress: program, accounts: [{ address: sponsor, role: 1 }] }]);
    expect(() => withFeePayer(given, sponsor, hash)).toThrow("fee payer alone");
  });

  test("of bytes that are none is refused with a code, never with a crash", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readMessage(bytes);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^transaction\./);
        }
      }),
    );
    expect(() => readMessage(Uint8Array.of(0x81, 1, 0, 0))).toThrow("legacy and version 0");
  });

  test("becomes a transaction with an empty slot for each signer, and is found in it again", () => {
    const message = compileMessage(sponsor, hash, user, [{ programAddress: program }]);
    const wire = unsignedTransaction(message);
    expect([...wire.subarray(0, 129)]).toEqual([2, ...Array<number>(128).fill(0)]);
    expect(messageOf(wire)).toEqual(message);
  });
});

describe("what sponsor() takes", () => {
  const ours = { programAddress: program, accounts: [{ address: user, role: 3 }], data: Uint8Array.of(1, 2) };
  const web3 = {
    programId: { toBase58: () => program },
    keys: [{ pubkey: { toBase58: () => user }, isSigner: true, isWritable: true }],
    data: [1, 2],
  };
  const wanted = meaningOf(compileMessage(sponsor, hash, user, [ours]));
  const given = byKit(0, user, old, [ours]);

  test.each([
    ["an instruction of kit", ours],
    ["instructions of kit", [ours]],
    ["an instruction of web3.js", web3],
    ["a web3.js Transaction or a kit message", { instructions: [web3] }],
    ["a kit transaction", { messageBytes: given }],
    ["a VersionedTransaction", { message: { serialize: () => given } }],
    ["wire bytes", unsignedTransaction(given)],
  ])("%s", (_name, input) => {
    expect(meaningOf(readInput(input)(sponsor, hash, user))).toEqual(wanted);
  });

  test.each([[[]], [{ instructions: [] }], [[{}]], [null], [undefined], ["text"], [[null]], [7n], [{}]])(
    "nothing at all is refused: %s",
    (input) => {
      expect(() => readInput(input as never)).toThrow("at least one instruction");
    },
  );
});
