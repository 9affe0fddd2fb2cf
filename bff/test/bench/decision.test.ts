import { createWallet } from "@gasless/localnet/wallet";
import { beforeAll, describe, expect, test } from "vitest";
import { compareCpu } from "./compare-cpu.ts";
import { createDecision } from "./deciders.ts";
import { DEMO_POLICY } from "./large-policies.ts";
import { createPayments, forge, type Payment } from "./payments.ts";
import { createFacilitator, toVerifyArguments } from "./x402.ts";

const PAYMENTS = 8;
const ROUNDS = 5;

let payments: readonly Payment[];
let decide: (payment: Payment) => Promise<string | undefined>;
let verify: (payment: Payment) => Promise<string | undefined>;
beforeAll(async () => {
  const { address: sponsor } = await createWallet();
  const facilitator = createFacilitator(sponsor);
  payments = await createPayments(sponsor, PAYMENTS);
  decide = createDecision(DEMO_POLICY, sponsor);
  verify = async (payment) => (await facilitator.verify(...toVerifyArguments(payment, sponsor))).invalidReason;
});

describe("next to x402's verify, on the same bytes", () => {
  test("both take every payment", async () => {
    for (const payment of payments) {
      expect(await decide(payment)).toBeUndefined();
      expect(await verify(payment)).toBeUndefined();
    }
  });

  test("both refuse a payer's signature that does not fit: neither saves the work of verifying it", async () => {
    for (const payment of payments.map(forge)) {
      expect(await decide(payment)).toBe("transaction.signature_invalid");
      expect(await verify(payment)).toBe("invalid_exact_svm_payload_signature_invalid");
    }
  });

  test("a decision takes at most half of the CPU", async () => {
    const all = (work: typeof decide) => async (): Promise<void> => {
      for (const payment of payments) await work(payment);
    };
    const { ratio } = await compareCpu(all(decide), all(verify), PAYMENTS, ROUNDS);
    expect(ratio).toBeLessThan(0.5);
  });
});
