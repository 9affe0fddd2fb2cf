import { describe, expect, test } from "vitest";
import { type Attack, ATTACKS, OPEN_BOUNDS, SPARE, SPONSOR, type Stage, WALLET } from "../../../test/matrix/attacks.ts";
import { fillerKey } from "../../../test/matrix/known-calls.ts";
import { memo } from "../../../test/support/instructions.ts";
import { encodeMessage, joinSignatures, type MessageModel, planMessage } from "../../../test/support/message.ts";
import { decodeTransaction } from "../../adapters/chains/solana/decode.ts";
import type { Refusal } from "../refusal.ts";
import { judgeSimulation, type Simulation, SIMULATION_RULES, type SimulationInput } from "../simulation.ts";
import { readCalls } from "./call.ts";
import { compilePolicy } from "./compile.ts";
import { costOf } from "./cost.ts";
import { type DecodedTransaction, resolveTables } from "./decoded-transaction.ts";
import { ACCOUNT_RULES, evaluateAccounts, evaluateForm, evaluatePolicy, FORM_RULES, POLICY_RULES } from "./evaluate.ts";
import { KNOWN_PROGRAMS } from "./programs/known-programs.ts";
import { firstRefusal, type Rule, type RuleInput } from "./rule.ts";

const BLOCKHASH = fillerKey(0xb7_0001);
const BALANCE = 1_000_000_000n;

const EVERYTHING = [...KNOWN_PROGRAMS].flatMap(([program, { instructions }]) =>
  [...new Set(instructions.map(({ name }) => name))].map((instruction) => ({ program, instruction })),
);

interface Trial {
  readonly byBytes: RuleInput;
  readonly resolved: RuleInput & SimulationInput;
}

function transactionOf({ instructions = [], message, slots = {} }: Attack): DecodedTransaction {
  const model = planMessage({
    version: 0,
    feePayer: SPONSOR,
    blockhash: BLOCKHASH,
    ...message,
    instructions: message?.instructions ?? [memo([WALLET], "hello"), ...instructions],
  });
  const signatures = Array.from({ length: model.requiredSignatures }, (_, index) => {
    const isFilled = (slots[index] ?? (index === 0 ? "empty" : "filled")) === "filled";
    return new Uint8Array(64).fill(isFilled ? 7 : 0);
  });
  const decoded = decodeTransaction(joinSignatures(model.version, encodeMessage(model), signatures));
  if (!decoded.ok) throw new Error(decoded.reason.detail);
  return decoded.value;
}

/** A simulation in which nothing but the fee is taken. */
function simulationOf({ simulation, loaded = [] }: Attack, fee: bigint): Simulation {
  return {
    error: null,
    logs: [],
    feePayerBefore: BALANCE,
    feePayerAfter: BALANCE - fee,
    feePayerOwner: "11111111111111111111111111111111",
    feePayerDataLength: 0,
    tokenBalancesBefore: [],
    tokenBalancesAfter: [],
    innerCalls: [],
    loaded,
    blockHeight: 1n,
    ...simulation,
  };
}

function trialOf(attack: Attack): Trial {
  const policy = compilePolicy({ allow: EVERYTHING, ...OPEN_BOUNDS, ...attack.policy });
  const inputOf = (transaction: DecodedTransaction): RuleInput => {
    const calls = readCalls(transaction, policy.programs);
    return {
      transaction,
      calls,
      cost: costOf(transaction, calls),
      policy,
      sponsorPool: [SPONSOR, SPARE].map((address) => ({ address, state: "active" as const })),
      acceptedSponsors: [SPONSOR],
      sessionAddress: WALLET,
    };
  };
  const transaction = transactionOf(attack);
  const byBytes = inputOf(transaction);
  const { balanceFloor = 0n } = attack;
  const simulation = simulationOf(attack, byBytes.cost.fee);
  return { byBytes, resolved: { ...inputOf(resolveTables(transaction, simulation.loaded)), simulation, balanceFloor } };
}

interface Verdict {
  readonly by: `${Stage} ${string}`;
  readonly code: string;
}

/** Every rule in the order of the service, but for one; the first that refuses. */
function judge({ byBytes, resolved }: Trial, without?: string): Verdict | undefined {
  const ask = <Input>(stage: Stage, rules: readonly Rule<Input>[], input: Input): Verdict | undefined => {
    for (const rule of rules) {
      if (`${stage} ${rule.name}` === without) continue;
      const refusal = firstRefusal([rule], input);
      if (refusal) return { by: `${stage} ${rule.name}`, code: refusal.code };
    }
    return undefined;
  };
  const hasTables = byBytes.transaction.lookupTables.length > 0;
  const hasRun = resolved.simulation.error === null;
  return (
    ask("form", FORM_RULES, byBytes) ??
    ask("policy", POLICY_RULES, byBytes) ??
    ask("simulation", hasRun ? SIMULATION_RULES : SIMULATION_RULES.slice(0, 1), resolved) ??
    (hasTables ? ask("accounts", ACCOUNT_RULES, resolved) : undefined)
  );
}

/** What the service itself asks, rule lists and all. */
function judgeAsService({ byBytes, resolved }: Trial): Refusal | undefined {
  return (
    evaluateForm(byBytes) ??
    evaluatePolicy(byBytes) ??
    judgeSimulation(resolved) ??
    (byBytes.transaction.lookupTables.length > 0 ? evaluateAccounts(resolved) : undefined)
  );
}

const RULES: readonly `${Stage} ${string}`[] = [
  ...FORM_RULES.map(({ name }) => `form ${name}` as const),
  ...POLICY_RULES.map(({ name }) => `policy ${name}` as const),
  ...SIMULATION_RULES.map(({ name }) => `simulation ${name}` as const),
  ...ACCOUNT_RULES.map(({ name }) => `accounts ${name}` as const),
];

test("a transaction that attacks nobody passes every rule, or none of these proofs would mean anything", () => {
  const harmless: Attack = { name: "a memo", stoppedBy: "form none", code: "internal.unexpected" };
  expect(judge(trialOf(harmless))).toBeUndefined();
  expect(judgeAsService(trialOf(harmless))).toBeUndefined();
});

describe("each attack of the list is stopped, with its code, by the rule that is there for it", () => {
  test.each(ATTACKS)("$name: $stoppedBy", (attack) => {
    const trial = trialOf(attack);
    expect(judge(trial)).toEqual({ by: attack.stoppedBy, code: attack.code });
    expect(judgeAsService(trial)?.code).toBe(attack.code);
  });
});

describe("another key of the pool among the accounts, where no instruction names it", () => {
  const { byBytes } = trialOf({ name: "a memo", stoppedBy: "form none", code: "internal.unexpected" });
  const [sponsor = "", ...others] = byBytes.transaction.accounts;

  test.each([
    ["the first behind the sponsor", [sponsor, SPARE, ...others]],
    ["the last", [sponsor, ...others, SPARE]],
  ])("is refused as %s, and the refusal names no instruction", (_, accounts) => {
    const refusal = evaluatePolicy({ ...byBytes, transaction: { ...byBytes.transaction, accounts } });
    expect(refusal?.code).toBe("policy.fee_payer_misused");
    expect(Object.keys(refusal?.context ?? {})).toEqual([]);
  });
});

describe("no rule can be taken away: without it, an attack passes that it alone had stopped", () => {
  test.each(RULES)("%s", (rule) => {
    const passing = ATTACKS.filter(({ stoppedBy }) => stoppedBy === rule).filter(
      (attack) => judge(trialOf(attack), rule) === undefined,
    );
    expect(passing.map(({ name }) => name)).not.toEqual([]);
  });
});

describe("bytes that mean two things, or none, are no transaction, so that no rule has to understand them", () => {
  const good = planMessage({
    version: 0,
    feePayer: SPONSOR,
    blockhash: BLOCKHASH,
    instructions: [memo([WALLET], "hello")],
  });
  const signatures = [new Uint8Array(64), new Uint8Array(64).fill(7)];
  const answerTo = (model: MessageModel, slots = signatures, behind: readonly number[] = []): string => {
    const wire = joinSignatures(model.version, encodeMessage(model), slots);
    const decoded = decodeTransaction(Uint8Array.from([...wire, ...behind]));
    return decoded.ok ? "decoded" : decoded.reason.code;
  };

  test.each(["legacy", 0, 1] as const)("version %s is decoded as it is", (version) => {
    expect(answerTo({ ...good, version })).toBe("decoded");
  });

  test.each<[string, Partial<MessageModel>]>([
    ["the sponsor twice among the accounts", { accounts: [SPONSOR, SPONSOR, ...good.accounts.slice(2)] }],
    ["an account that is not there", { instructions: [{ program: 2, accounts: [1, 3], data: [] }] }],
    ["a program that is not there", { instructions: [{ program: 3, accounts: [1], data: [] }] }],
    ["no instruction", { instructions: [] }],
    ["a fee payer that is read-only", { readonlySigned: 2 }],
    ["more read-only accounts than accounts", { readonlyUnsigned: 200 }],
    ["more signers than accounts", { requiredSignatures: 12 }],
    ["no signer", { requiredSignatures: 0, readonlySigned: 0 }],
  ])("%s", (_, change) => {
    for (const version of ["legacy", 0, 1] as const) {
      expect(answerTo({ ...good, version, ...change })).toBe("transaction.malformed");
    }
  });

  test("a program behind a lookup table, a table of which nothing is used, and more accounts than indexes reach", () => {
    const use = { address: WALLET, writable: [0], readonly: [] };
    const calling = (program: number): MessageModel["instructions"] => [{ program, accounts: [], data: [] }];
    expect(answerTo({ ...good, tables: [use] })).toBe("decoded");
    expect(answerTo({ ...good, tables: [use], instructions: calling(3) })).toBe("transaction.malformed");
    expect(answerTo({ ...good, tables: [{ ...use, writable: [] }] })).toBe("transaction.malformed");
    const using = (count: number): MessageModel["tables"] =>
      [0, 1].map(() => ({ ...use, writable: Array.from({ length: count }, (_, index) => index) }));
    expect(answerTo({ ...good, tables: using(126) })).toBe("decoded");
    expect(answerTo({ ...good, tables: using(127) })).toBe("transaction.malformed");
  });

  test("a byte behind it, a signature too many and one too few", () => {
    for (const version of ["legacy", 0, 1] as const) {
      const model = { ...good, version };
      expect(answerTo(model, signatures, [0])).toBe("transaction.malformed");
      expect(answerTo(model, [...signatures, new Uint8Array(64)])).toBe("transaction.malformed");
      expect(answerTo(model, signatures.slice(1))).toBe("transaction.malformed");
    }
  });
});

test("the corpus keeps its attacks", () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(120);
  expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
});
