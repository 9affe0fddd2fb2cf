import { printSideBySide } from "@gasless/localnet/testing/side-by-side";
import { createWallet } from "@gasless/localnet/wallet";
import { base58, base64 } from "@scure/base";
import { decodeTransaction } from "../../src/adapters/chains/solana/decode.ts";
import { verifyEd25519 } from "../../src/adapters/chains/ed25519.ts";
import { compareCpu, type Work } from "./compare-cpu.ts";
import { createDecision, createRulesWork } from "./deciders.ts";
import { createManyInstructions, createManyMints, DEMO_POLICY, MAX_ENTRIES } from "./large-policies.ts";
import { createPayments, type Payment, tokenAccountOf } from "./payments.ts";
import { createFacilitator, toVerifyArguments } from "./x402.ts";

const ROUNDS = 21;
const PAYMENTS = 32;
/** Rules take microseconds: one batch goes over the payments this often. */
const PASSES = 40;
/** What is promised: half of what x402 takes, and no more than a tenth for a policy that is full. */
const MAX_SHARE_OF_X402 = 0.5;
const MAX_GROWTH = 1.1;

const { address: sponsor } = await createWallet();
const payments = await createPayments(sponsor, PAYMENTS);

const decideAll =
  (decide: (payment: Payment) => Promise<string | undefined>): Work =>
  async () => {
    for (const payment of payments) {
      const refusal = await decide(payment);
      if (refusal !== undefined) throw new Error(`a payment of the benchmark is refused: ${refusal}`);
    }
  };

const repeat =
  (work: () => void): Work =>
  () => {
    for (let pass = 0; pass < PASSES; pass++) work();
  };

async function benchX402(): Promise<void> {
  const facilitator = createFacilitator(sponsor);
  const requests = new Map(payments.map((payment) => [payment, toVerifyArguments(payment, sponsor)]));
  const verify = decideAll(async (payment) => {
    const request = requests.get(payment);
    const { isValid, invalidReason } = request ? await facilitator.verify(...request) : { isValid: false };
    return isValid ? undefined : (invalidReason ?? "unknown");
  });
  const decide = decideAll(createDecision(DEMO_POLICY, sponsor));
  const cpu = await compareCpu(decide, verify, PAYMENTS, ROUNDS);
  printSideBySide("CPU of a decision / of x402's verify", cpu, { unit: "us", max: MAX_SHARE_OF_X402 });
}

/** The largest part of ours, which both do, and of theirs, which no rule of ours needs: the seller's token account. */
async function benchParts(): Promise<void> {
  const decoded = payments.map(({ wire }) => {
    const transaction = decodeTransaction(base64.decode(wire));
    if (!transaction.ok) throw new Error(transaction.reason.detail);
    return transaction.value;
  });
  const verifySignatures: Work = async () => {
    for (const { accounts, message, signatures } of decoded) {
      const [, key = ""] = accounts;
      const [, signature = new Uint8Array()] = signatures;
      if (!(await verifyEd25519(base58.decode(key), message, signature))) throw new Error("a signature does not fit");
    }
  };
  const deriveAccounts: Work = async () => {
    for (const { payTo, mint } of payments) await tokenAccountOf(payTo, mint);
  };
  const cpu = await compareCpu(verifySignatures, deriveAccounts, PAYMENTS, ROUNDS);
  printSideBySide("  of both: Ed25519 / x402's: derivation", cpu, { unit: "us" });
}

async function benchFullPolicies(): Promise<void> {
  const demo = repeat(createRulesWork(DEMO_POLICY, sponsor, payments));
  const instructions = repeat(createRulesWork(createManyInstructions(), sponsor, payments));
  const rules = await compareCpu(instructions, demo, PAYMENTS * PASSES, ROUNDS);
  printSideBySide(`CPU of rules, ${MAX_ENTRIES} instructions / demo's`, rules, { unit: "us", max: MAX_GROWTH });

  const mints = decideAll(createDecision(createManyMints(), sponsor));
  const decide = decideAll(createDecision(DEMO_POLICY, sponsor));
  // Entries for one instruction are asked one by one, all but the last in vain: no promise, and yet little.
  const decision = await compareCpu(mints, decide, PAYMENTS, ROUNDS);
  printSideBySide(`CPU of a decision, ${MAX_ENTRIES} mints / demo's`, decision, { unit: "us" });
}

await benchX402();
await benchParts();
await benchFullPolicies();
