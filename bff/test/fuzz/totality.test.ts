import { base58 } from "@scure/base";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { decodeTransaction } from "../../src/adapters/chains/solana/decode.ts";
import { keysInData, readCalls } from "../../src/domain/policy/call.ts";
import { costOf } from "../../src/domain/policy/cost.ts";
import { type DecodedTransaction, loadedCount, resolveTables } from "../../src/domain/policy/decoded-transaction.ts";
import { ACCOUNT_RULES, FORM_RULES, POLICY_RULES } from "../../src/domain/policy/evaluate.ts";
import type { RuleInput } from "../../src/domain/policy/rule.ts";
import { traceRules } from "../../src/domain/policy/trace.ts";
import { judgeSimulation, type Simulation } from "../../src/domain/simulation.ts";
import { createRandom, type Random } from "../simulation/random.ts";
import { drawCase, drawProjects, type FuzzCase } from "./draw-case.ts";
import { mutateBytes } from "./mutate.ts";
import { createScene, type Scene } from "./scene.ts";
import { FUZZ_SEED } from "./settings.ts";

const RANDOM_BYTES_RUNS = 20_000;
const MUTATED_RUNS = 4_000;
const INNER_CALLS = 2_000;
const REFUSALS = new Set(["transaction.malformed", "transaction.too_large", "transaction.version_unsupported"]);

let scene: Scene;
let projects: ReturnType<typeof drawProjects>;
let garbage: readonly unknown[];

beforeAll(async () => {
  scene = await createScene();
  projects = drawProjects(scene, FUZZ_SEED);
  const { sponsor, user } = scene;
  const word = fc.constantFrom(sponsor, user, "createAccount", "transfer", "11111111111111111111111111111111", "");
  const value = fc.oneof(word, fc.jsonValue({ maxDepth: 2 }), fc.bigInt());
  const call = fc.record(
    {
      programId: value,
      accounts: fc.oneof(fc.array(word, { maxLength: 4 }), value),
      data: value,
      parsed: fc.oneof(
        value,
        fc.record({ type: word, info: fc.oneof(value, fc.dictionary(fc.constantFrom("source", "lamports"), value)) }),
      ),
    },
    { requiredKeys: [] },
  );
  garbage = fc.sample(fc.oneof(call, fc.jsonValue()), { seed: FUZZ_SEED, numRuns: INNER_CALLS });
});

/** Bytes that begin like a transaction now and then, so that more than the first of them is read. */
function randomBytes(random: Random): Uint8Array {
  const length = random.pick([0, 1, 66, 134, 200, 400, 1_232, 1_233, 4_097]);
  const bytes = Uint8Array.from({ length }, () => random.below(random.pick([4, 256])));
  const prefix = random.pick([[], [1], [2], [0x81], [0x81, 1, 0, 0], [0x80], [0x82, 1]]);
  bytes.set(prefix.slice(0, length));
  return bytes;
}

/** A decoded transaction or the code of its refusal; a throw would end the test. */
function decode(wire: Uint8Array): DecodedTransaction | undefined {
  const decoded = decodeTransaction(wire);
  if (decoded.ok) return decoded.value;
  expect(REFUSALS.has(decoded.reason.code), decoded.reason.code).toBe(true);
  return undefined;
}

test("decoding answers whatever the bytes are", () => {
  const random = createRandom(FUZZ_SEED);
  let decodedCount = 0;
  for (let run = 0; run < RANDOM_BYTES_RUNS; run++) if (decode(randomBytes(random))) decodedCount += 1;
  // Bytes out of nowhere are no transaction: fewer than one in a thousand passes for one.
  expect(decodedCount).toBeLessThan(RANDOM_BYTES_RUNS / 1_000);
});

function simulationOf(random: Random, { accounts }: DecodedTransaction): Simulation {
  const balances = Array.from({ length: random.below(3) }, () => ({
    accountIndex: random.below(5),
    mint: random.pick(accounts),
    owner: random.pick([scene.sponsor, scene.user]),
    amount: `${random.below(3)}`,
  }));
  return {
    error: random.chance(0.8)
      ? null
      : random.pick(["AccountNotFound", {}, { InsufficientFundsForRent: { account_index: 0 } }, 7, [null]]),
    logs: ["\u{0} log", "\u{d800}"],
    feePayerBefore: BigInt(random.below(100_000)),
    feePayerAfter: BigInt(random.below(100_000)),
    feePayerOwner: random.chance(0.9) ? "11111111111111111111111111111111" : random.pick(accounts),
    feePayerDataLength: random.pick([0, 0, 0, 1]),
    tokenBalancesBefore: balances,
    tokenBalancesAfter: random.chance(0.5) ? balances : [],
    innerCalls: [{ instruction: random.below(4), calls: [random.pick(garbage), random.pick(garbage)] }],
    loaded: [],
    blockHeight: 1n,
  };
}

/** Every rule there is, asked of a transaction as it is and with tables resolved to anything at all. */
function askEverything({ network, policy, random }: FuzzCase, transaction: DecodedTransaction): readonly string[] {
  const inputOf = (read: DecodedTransaction): RuleInput => {
    const calls = readCalls(read, policy.programs);
    const { sponsorPool, acceptedSponsors } = network;
    const sessionAddress = scene.user;
    return {
      transaction: read,
      calls,
      cost: costOf(read, calls),
      policy,
      sponsorPool,
      acceptedSponsors,
      sessionAddress,
    };
  };
  const count = Math.max(0, loadedCount(transaction) + random.pick([0, 0, -1, 1]));
  const loaded = Array.from({ length: count }, () => random.pick([...scene.table.entries, ""]));
  const input = inputOf(transaction);
  const resolved = inputOf(resolveTables(transaction, loaded));
  expect(keysInData(input.calls).every((key) => base58.decode(key).length === 32)).toBe(true);
  const simulation = simulationOf(random, transaction);
  const refusal = judgeSimulation({ ...resolved, simulation, balanceFloor: 0n });
  return [
    ...traceRules(FORM_RULES, input),
    ...traceRules(POLICY_RULES, input),
    ...traceRules(ACCOUNT_RULES, resolved),
  ].flatMap(({ code = "pass" }) => [code, refusal?.code ?? "pass"]);
}

test("every rule answers for whatever can be decoded, with tables that hold anything and programs that call anything", () => {
  const answers = new Map<string, number>();
  let decodedCount = 0;
  for (let run = 0; run < MUTATED_RUNS; run++) {
    const one = drawCase(FUZZ_SEED + run, scene, projects);
    const wire = one.random.chance(0.3) ? mutateBytes(one.wire, one.random) : one.wire;
    const transaction = decode(wire);
    if (!transaction) continue;
    decodedCount += 1;
    for (const answer of askEverything(one, transaction)) answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect(decodedCount).toBeGreaterThan(MUTATED_RUNS / 2);
  // It was not one and the same refusal all the time.
  expect(answers.size).toBeGreaterThan(10);
  expect(answers.get("pass")).toBeGreaterThan(decodedCount);
});
