import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdapterWorkerd, startAdapterWorkerd } from "../support/adapter-workerd.ts";
import { SOLANA_METHODS } from "../support/method-proofs.ts";
import { compareSignIns, MAX_VERIFIES } from "./sign-in-costs.ts";

let workerd: AdapterWorkerd;
beforeAll(async () => {
  workerd = await startAdapterWorkerd();
});
afterAll(() => workerd.stop());

describe("verifying a sign-in in workerd", () => {
  test("takes at most as long as three verifications by WebCrypto, by every method", async () => {
    const costs = await compareSignIns(workerd, { rounds: 5, turnsPerRound: 4, warmUpRounds: 2 });
    expect(costs.map(([method]) => method)).toEqual([...SOLANA_METHODS]);
    for (const [method, { ratio }] of costs) expect(ratio, method).toBeLessThan(MAX_VERIFIES);
  });
});
