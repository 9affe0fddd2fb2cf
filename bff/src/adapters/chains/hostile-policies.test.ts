import { expect, test } from "vitest";
import { policyDeskOf } from "./policy-desks.ts";

const BOUNDS = { maxSignatures: 2, maxFee: "10000", maxComputeUnits: 1, maxComputeUnitPrice: "1" };
const DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrst";

/** As large as a request may be, and made so that every entry has to be compared with every other. */
const HOSTILE = {
  "solana:devnet": {
    ...BOUNDS,
    programs: Array.from({ length: 50 }, (_, program) => ({
      address: `YourProgram111111111111111111111111111111${DIGITS[program]}1`,
      name: "x",
      instructions: Array.from({ length: 12 }, (_, index) => ({
        name: `i${index}`,
        discriminator: (index + 16).toString(16),
        arguments: [],
        accounts: [],
      })),
    })),
    allow: Array.from({ length: 200 }, (_, index) => ({
      program: `YourProgram111111111111111111111111111111${DIGITS[index % 50]}1`,
      instruction: `i${index % 12}`,
      sessionWalletIs: ["a"],
    })),
  },
  "algorand:testnet": {
    maxFee: "10000",
    allow: Array.from({ length: 200 }, (_, entry) => ({
      transaction: "application-call",
      application: "7",
      methods: Array.from({ length: 14 }, (_, method) => `m${entry}x${method}(byte)void`),
    })),
  },
} as const;

test.each(["solana:devnet", "algorand:testnet"] as const)(
  "the largest policy of %s that a request can hold is linted in a moment",
  (network) => {
    const document = HOSTILE[network];
    expect(JSON.stringify(document).length).toBeGreaterThan(60_000);
    const read = policyDeskOf(network)?.read(document);
    expect(read).toMatchObject({ ok: true });
    const startedAtMs = performance.now();
    if (read?.ok) read.value.mend({ hasRentBudget: true });
    // Where every pair of entries made its digests anew, one of them took 23 seconds.
    expect(performance.now() - startedAtMs).toBeLessThan(1_500);
  },
);
