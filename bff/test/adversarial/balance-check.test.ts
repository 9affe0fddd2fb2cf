import { followRelay, type RelayBody } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { type Address, getAddressEncoder, getProgramDerivedAddress } from "@solana/kit";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KNOWN_PROGRAMS } from "../../src/domain/policy/programs.ts";
import type { PlainInstruction } from "../support/assemble.ts";
import {
  ASSOCIATED_TOKEN,
  computeLimit,
  computePrice,
  memo,
  SYSTEM,
  TOKEN,
  transferSol,
  transferTokens,
} from "../support/instructions.ts";
import { ALLOWS_EVERYTHING } from "../support/policies.ts";
import { type Cast, OTHER_MISUSES, SYSTEM_MISUSES, TOKEN_MISUSES } from "../support/sponsor-misuse.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint, placeTokenAccount, tokensIn } from "../support/token-scene.ts";
import {
  ledgerOf,
  postPatiently,
  type RelayAnswer,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

const TRANSACTIONS = 300;
const IN_FLIGHT = 15;
/** In each token account at the start, in base units. */
const TOKENS = "1000000";

let stack: Stack;
let visitor: Visitor;
/** Who and what a random instruction can name. */
let people: readonly string[];
let tokenAccounts: readonly string[];
let cast: Cast;

beforeAll(async () => {
  stack = await startStack();
  const { address: spare } = await createWallet();
  await stack.database.query("insert into sponsors (id, network, address) values ('spn_spare', $1, $2)", [
    "solana:localnet",
    spare,
  ]);
  visitor = await visitNewProject(stack, {
    policy: ALLOWS_EVERYTHING,
    limits: [],
    addressRequestsPerMinute: 100_000,
    userRelaysPerMinute: 100_000,
  });
  const { sponsor, wallet } = visitor;
  const { address: friend } = await createWallet();
  await Promise.all([wallet.address, friend, spare].map((address) => stack.airdrop(address, 1_000_000_000n)));
  const mint = placeMint(stack);
  people = [sponsor, spare, wallet.address, friend];
  tokenAccounts = people.map((owner) => placeTokenAccount(stack, { mint, owner, amount: Number(TOKENS) }));
  cast = { sponsor, user: wallet.address, account: tokenAccounts[2] ?? "", other: tokenAccounts[3] ?? "", mint };
});
afterAll(() => stack.close());

/** A token account of somebody for the mint, at its one right address: the program makes it by calls of its own. */
async function createTokenAccount(payer: string, owner: string): Promise<PlainInstruction> {
  const encode = getAddressEncoder().encode;
  const [account] = await getProgramDerivedAddress({
    programAddress: ASSOCIATED_TOKEN as Address,
    seeds: [owner, TOKEN, cast.mint].map((seed) => encode(seed as Address)),
  });
  const accounts: PlainInstruction["accounts"] = [
    [payer, "ws"],
    [account, "w"],
    [owner, "r"],
    [cast.mint, "r"],
    [SYSTEM, "r"],
    [TOKEN, "r"],
  ];
  return { program: ASSOCIATED_TOKEN, accounts, data: [1] };
}

type Make = () => Promise<PlainInstruction>;
const SPONSOR = 0;
const USER = 2;
const FRIEND = 3;
const person = fc.nat(3);
const at = (list: readonly string[], index: number): string => list[index] ?? "";

/** A weight, what an instruction is made from, and how; making waits until the cast is there. */
function weighted<Drawn>(
  weight: number,
  drawn: fc.Arbitrary<Drawn>,
  make: (drawn: Drawn) => PlainInstruction | Promise<PlainInstruction>,
): fc.WeightedArbitrary<Make> {
  return { weight, arbitrary: drawn.map((value) => async () => make(value)) };
}

/** Mostly what could pass, so that much is accepted; the rest is whatever an attacker would mix in. */
const instruction: fc.Arbitrary<Make> = fc.oneof(
  weighted(6, fc.string({ maxLength: 30 }), (text) => memo([at(people, USER)], text)),
  weighted(4, fc.tuple(person, fc.nat(3_000_000)), ([to, lamports]) =>
    transferSol(at(people, USER), at(people, to), lamports),
  ),
  weighted(4, fc.tuple(person, person, fc.nat(2_000)), ([from, to, amount]) =>
    transferTokens(at(tokenAccounts, from), at(tokenAccounts, to), at(people, USER), amount),
  ),
  weighted(1, person, (from) => transferSol(at(people, from), at(people, FRIEND), 1)),
  weighted(2, fc.nat(300_000), computeLimit),
  weighted(2, fc.nat(900_000), computePrice),
  weighted(3, person, (owner) => createTokenAccount(at(people, USER), at(people, owner))),
  weighted(1, fc.constant(SPONSOR), (payer) => createTokenAccount(at(people, payer), at(people, FRIEND))),
  weighted(1, fc.constantFrom(...SYSTEM_MISUSES, ...TOKEN_MISUSES, ...OTHER_MISUSES), ({ by }) => by(cast)),
  weighted(
    1,
    fc.tuple(fc.constantFrom(...KNOWN_PROGRAMS.keys()), fc.uint8Array({ maxLength: 20 }), person),
    ([program, data, who]) => ({
      program,
      accounts: [
        [at(people, USER), "ws"],
        [at(people, who), "w"],
      ],
      data,
    }),
  ),
);
const transaction = fc.tuple(
  fc.array(instruction, { minLength: 1, maxLength: 3 }),
  fc.constantFrom<"legacy" | 0>("legacy", 0),
);

test("whatever is accepted costs the sponsor no more than it was quoted, and nothing but lamports", async () => {
  const seed = Number(process.env["FAST_CHECK_SEED"] ?? 20_261_120);
  const before = await stack.balanceOf(visitor.sponsor);
  const remaining = fc.sample(transaction, { numRuns: TRANSACTIONS, seed }).entries();
  const answers: RelayAnswer[] = [];
  const relays: RelayBody[] = [];
  const work = async (): Promise<void> => {
    for (const [index, [makes, version]] of remaining) {
      const instructions = await Promise.all(makes.map((make) => make()));
      // A number of its own, so that no two are the same transaction.
      const numbered = [...instructions, memo([visitor.wallet.address], `${index}`)];
      answers.push(await postPatiently(visitor, await wireOf(visitor, numbered, { version })));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));

  const accepted = answers.filter(({ status }) => status === 202);
  const context = `seed ${seed}: ${accepted.length} of ${answers.length} accepted`;
  expect(
    answers.filter(({ status }) => status >= 500).map(({ body }) => body),
    context,
  ).toEqual([]);
  expect(accepted.length, context).toBeGreaterThan(TRANSACTIONS / 10);
  expect(accepted.length, context).toBeLessThan(TRANSACTIONS);
  await Promise.all(
    accepted.map(async ({ body }) => relays.push(await followRelay(visitor.target, visitor.token, body.id))),
  );

  const sum = (amounts: readonly (string | null)[]): bigint =>
    amounts.reduce((total, amount) => total + BigInt(amount ?? "-1"), 0n);
  const spent = before - (await stack.balanceOf(visitor.sponsor));
  expect(spent, context).toBe(sum(relays.map(({ fee }) => fee.charged)));
  for (const { fee } of relays) expect(BigInt(fee.charged ?? "-1")).toBeLessThanOrEqual(BigInt(fee.quoted));
  expect(relays.every(({ state }) => state === "finalized" || state === "failed")).toBe(true);

  expect(await Promise.all(tokenAccounts.slice(0, 2).map((account) => tokensIn(stack, account)))).toEqual([
    TOKENS,
    TOKENS,
  ]);
  expect(stack.solana.chain.svm.readAccount(visitor.sponsor as Address)).toMatchObject({
    owner: SYSTEM,
    data: new Uint8Array(),
  });
  expect(await ledgerOf(stack, visitor.target)).toMatchObject({ held: "0", openHolds: "0" });
});
