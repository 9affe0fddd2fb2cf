import { createWallet } from "@gasless/localnet/wallet";
import { beforeAll, describe, expect, test } from "vitest";
import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { createDecision, createRulesWork } from "./deciders.ts";
import { createManyInstructions, createManyMints, DEMO_POLICY, MAX_ENTRIES } from "./large-policies.ts";
import { createPayments, type Payment } from "./payments.ts";

let sponsor: string;
let payments: readonly Payment[];
beforeAll(async () => {
  sponsor = (await createWallet()).address;
  payments = await createPayments(sponsor, 1);
});

/** The policy with entries that count how often anybody looks into them. */
function watched(policy: SolanaPolicy): { policy: SolanaPolicy; reads: () => number } {
  let reads = 0;
  const allow = policy.allow.map(
    (entry) =>
      new Proxy(entry, {
        get: (target, name) => {
          reads += 1;
          return Reflect.get(target, name) as unknown;
        },
      }),
  );
  return { policy: { ...policy, allow }, reads: () => reads };
}

function readsOfOneDecision(policy: SolanaPolicy): number {
  const { policy: counting, reads } = watched(policy);
  const evaluate = createRulesWork(counting, sponsor, payments);
  const readsToCompile = reads();
  evaluate();
  return reads() - readsToCompile;
}

describe("a policy with as many entries as there may be", () => {
  test("allows the same payment whatever stands before its entries", async () => {
    for (const policy of [createManyInstructions(), createManyMints()]) {
      expect(policy.allow).toHaveLength(MAX_ENTRIES);
      const [payment] = payments;
      expect(payment && (await createDecision(policy, sponsor)(payment))).toBeUndefined();
    }
  });

  test("is read as little as a small one: a decision looks only at entries of the instructions that it is about", () => {
    const reads = readsOfOneDecision(DEMO_POLICY);
    expect(reads).toBeGreaterThan(0);
    expect(readsOfOneDecision(createManyInstructions())).toBe(reads);
  });

  test("puts nothing into words about entries that do not fit, when a later one does", () => {
    let texts = 0;
    const toJSON = (): string => {
      texts += 1;
      return "";
    };
    const policy = createManyMints();
    const allow = policy.allow.map((entry) =>
      entry.accounts ? { ...entry, accounts: { mint: { ...entry.accounts["mint"], toJSON } } } : entry,
    );
    createRulesWork({ ...policy, allow }, sponsor, payments)();
    expect(texts).toBe(0);

    const mints = allow.filter(({ accounts }) => accounts);
    const refuse = createRulesWork({ ...policy, allow: [...mints, ...DEMO_POLICY.allow.slice(-2)] }, sponsor, payments);
    expect(refuse).toThrow("with this mint");
    expect(texts).toBe(1);
  });
});
