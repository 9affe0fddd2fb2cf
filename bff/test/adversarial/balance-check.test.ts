import { followRelay, type RelayBody } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { type Address, getAddressEncoder, getProgramDerivedAddress } from "@solana/kit";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { KNOWN_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
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

const TRANSACTIONS = 200;
const IN_FLIGHT = 15;
/** In each token account at the start, in base units. */
const TOKENS = "1000000";

let stack: Stack;
let spare: string;

beforeAll(async () => {
  stack = await startStack();
  ({ address: spare } = await createWallet());
  await stack.database.query("insert into sponsors (id, network, address) values ('spn_spare', $1, $2)", [
    "solana:localnet",
    spare,
  ]);
});
afterAll(() => stack.close());

/** Who and what a random instruction can name. */
interface Scene {
  readonly visitor: Visitor;
  /** The sponsor, another key of the pool, the visitor and a friend. */
  readonly people: readonly string[];
  readonly tokenAccounts: readonly string[];
  readonly cast: Cast;
}

async function openScene(policy: SolanaPolicy): Promise<Scene> {
  const visitor = await visitNewProject(stack, {
    policy,
    limits: [],
    addressRequestsPerMinute: 100_000,
    userRelaysPerMinute: 100_000,
  });
  const { sponsor, wallet } = visitor;
  const { address: friend } = await createWallet();
  await Promise.all([wallet.address, friend, spare].map((address) => stack.airdrop(address, 1_000_000_000n)));
  const mint = placeMint(stack);
  const people = [sponsor, spare, wallet.address, friend];
  const tokenAccounts = people.map((owner) => placeTokenAccount(stack, { mint, owner, amount: Number(TOKENS) }));
  const cast = { sponsor, user: wallet.address, account: tokenAccounts[2] ?? "", other: tokenAccounts[3] ?? "", mint };
  return { visitor, people, tokenAccounts, cast };
}

/** A token account of somebody for the mint, at its one right address: the program makes it by calls of its own. */
async function createTokenAccount({ cast }: Scene, payer: string, owner: string): Promise<PlainInstruction> {
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

/** An account of the System program's, paid by somebody; its own key signs too. */
async function createAccount(payer: string, lamports: number): Promise<Made> {
  const created = await createWallet();
  const data = [...littleEndian(0, 4), ...littleEndian(lamports, 8), ...littleEndian(0, 8), ...new Uint8Array(32)];
  const accounts: PlainInstruction["accounts"] = [
    [payer, "ws"],
    [created.address, "ws"],
  ];
  return { instruction: { program: SYSTEM, accounts, data }, signer: created };
}

interface Made {
  readonly instruction: PlainInstruction;
  readonly signer?: LocalWallet;
}

type Make = (scene: Scene) => Promise<Made>;
const SPONSOR = 0;
const USER = 2;
const FRIEND = 3;
const person = fc.nat(3);
const at = (list: readonly string[], index: number): string => list[index] ?? "";

/** A weight, what an instruction is made from, and how; making waits until the scene is there. */
function weighted<Drawn>(
  weight: number,
  drawn: fc.Arbitrary<Drawn>,
  make: (scene: Scene, drawn: Drawn) => PlainInstruction | Promise<PlainInstruction>,
): fc.WeightedArbitrary<Make> {
  return {
    weight,
    arbitrary: drawn.map((value) => async (scene) => ({ instruction: await make(scene, value) })),
  };
}

/** Mostly what could pass, so that much is accepted; the rest is whatever an attacker would mix in. */
const instruction: fc.Arbitrary<Make> = fc.oneof(
  weighted(6, fc.string({ maxLength: 30 }), ({ people }, text) => memo([at(people, USER)], text)),
  weighted(4, fc.tuple(person, fc.nat(3_000_000)), ({ people }, [to, lamports]) =>
    transferSol(at(people, USER), at(people, to), lamports),
  ),
  weighted(4, fc.tuple(person, person, fc.nat(2_000)), ({ people, tokenAccounts }, [from, to, amount]) =>
    transferTokens(at(tokenAccounts, from), at(tokenAccounts, to), at(people, USER), amount),
  ),
  weighted(1, person, ({ people }, from) => transferSol(at(people, from), at(people, FRIEND), 1)),
  weighted(2, fc.nat(300_000), (_, units) => computeLimit(units)),
  weighted(2, fc.nat(900_000), (_, price) => computePrice(price)),
  weighted(3, person, (scene, owner) => createTokenAccount(scene, at(scene.people, USER), at(scene.people, owner))),
  weighted(2, fc.tuple(fc.constantFrom(USER, FRIEND), fc.boolean()), async (scene, [owner, isNew]) => {
    const stranger = isNew ? (await createWallet()).address : at(scene.people, owner);
    return createTokenAccount(scene, at(scene.people, SPONSOR), stranger);
  }),
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(SPONSOR, SPONSOR, USER), fc.nat(4_000_000)).map(
      ([payer, lamports]) =>
        async ({ people }: Scene) =>
          createAccount(at(people, payer), lamports),
    ),
  },
  weighted(1, fc.constantFrom(...SYSTEM_MISUSES, ...TOKEN_MISUSES, ...OTHER_MISUSES), ({ cast }, { by }) => by(cast)),
  weighted(
    1,
    fc.tuple(fc.constantFrom(...KNOWN_PROGRAMS.keys()), fc.uint8Array({ maxLength: 20 }), person),
    ({ people }, [program, data, who]) => ({
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

const PAYS_RENT: SolanaPolicy = {
  ...ALLOWS_EVERYTHING,
  sponsorRoles: [
    { program: ASSOCIATED_TOKEN, role: "payer" },
    { program: SYSTEM, role: "funder" },
  ],
  maxRent: "5000000",
};

/** What an account of the API says of rent, beside its fee. */
type Charged = RelayBody & { readonly rent: RelayBody["fee"] };

const sum = (amounts: readonly (string | null)[]): bigint =>
  amounts.reduce((total, amount) => total + BigInt(amount ?? "-1"), 0n);

test.each([
  ["with every role of the sponsor off", ALLOWS_EVERYTHING, false],
  ["with the roles that give rent on", PAYS_RENT, true],
])(
  "whatever is accepted costs the sponsor no more than it was quoted, and nothing but lamports, %s",
  async (_, policy, paysRent) => {
    const seed = Number(process.env["GASLESS_FUZZ_SEED"] ?? 20_261_120);
    const scene = await openScene(policy);
    const { visitor, tokenAccounts } = scene;
    const before = await stack.balanceOf(visitor.sponsor);
    const remaining = fc.sample(transaction, { numRuns: TRANSACTIONS, seed }).entries();
    const answers: RelayAnswer[] = [];
    const relays: Charged[] = [];
    const work = async (): Promise<void> => {
      for (const [index, [makes, version]] of remaining) {
        const made = await Promise.all(makes.map((make) => make(scene)));
        // A number of its own, so that no two are the same transaction.
        const numbered = [...made.map(({ instruction }) => instruction), memo([visitor.wallet.address], `${index}`)];
        const others = made.flatMap(({ signer }) => signer ?? []);
        answers.push(await postPatiently(visitor, await wireOf(visitor, numbered, { version, others })));
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));

    const accepted = answers.filter(({ status }) => status === 202);
    const context = `GASLESS_FUZZ_SEED=${seed}: ${accepted.length} of ${answers.length} accepted`;
    expect(
      answers.filter(({ status }) => status >= 500).map(({ body }) => body),
      context,
    ).toEqual([]);
    expect(accepted.length, context).toBeGreaterThan(TRANSACTIONS / 10);
    expect(accepted.length, context).toBeLessThan(TRANSACTIONS);
    await Promise.all(
      accepted.map(async ({ body }) =>
        relays.push((await followRelay(visitor.target, visitor.token, body.id)) as Charged),
      ),
    );

    const spent = before - (await stack.balanceOf(visitor.sponsor));
    expect(spent, context).toBe(sum(relays.flatMap(({ fee, rent }) => [fee.charged, rent.charged])));
    for (const { fee, rent } of relays) {
      expect(BigInt(fee.charged ?? "-1")).toBeLessThanOrEqual(BigInt(fee.quoted));
      expect(BigInt(rent.charged ?? "-1")).toBeLessThanOrEqual(BigInt(rent.quoted));
    }
    expect(relays.some(({ rent }) => BigInt(rent.charged ?? "0") > 0n)).toBe(paysRent);
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
  },
);
