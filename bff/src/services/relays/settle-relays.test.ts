import { describe, expect, test } from "vitest";
import { composeWire } from "../../../test/support/wire.ts";
import type { ClaimedRelay, LandedTransaction, RelayChange, TransactionStatus } from "../../domain/relay.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { settleRelays } from "./settle-relays.ts";

const NETWORK = "solana:devnet";
const wire = composeWire();

const relay = (checks: number, changes: Partial<ClaimedRelay> = {}): ClaimedRelay => ({
  id: "rly_1",
  state: "submitted",
  transaction: wire,
  transactionId: "transaction",
  lifetimeEnd: 150n,
  quotedFee: 10_000n,
  quotedRent: 0n,
  checks,
  ...changes,
});

/** One relay, and a chain that says what it is told to. */
function createWorld(
  claimed: ClaimedRelay,
  said: { status?: TransactionStatus; landed?: LandedTransaction; provesNothing?: true } = {},
) {
  const world = {
    changes: [] as RelayChange[],
    warnings: [] as string[],
    asked: [] as Parameters<ChainPort["proveAbsent"]>[0][],
    records: [] as Parameters<ChainPort["landed"]>[0][],
    sent: 0,
  };
  const chain: Partial<ChainPort> = {
    statuses: async (ids) => ids.map(() => said.status),
    async proveAbsent(transactions) {
      world.asked.push(transactions);
      const absent = said.provesNothing ? [] : transactions.map(({ transactionId }) => transactionId);
      return { absent: new Set(absent), found: new Map(), silent: [] };
    },
    async landed(transaction) {
      world.records.push(transaction);
      return said.landed;
    },
    async send() {
      world.sent += 1;
    },
  };
  const ports = {
    clock: { nowMs: () => 1_000 },
    random: { uuid: () => "lease" },
    chains: () => chain,
    log: {
      info: () => undefined,
      warn: (event: string) => void world.warnings.push(event),
      error: (event: string) => void world.warnings.push(event),
    },
    store: {
      claimRelays: async () => [claimed],
      async settleRelays(_lease: string, changes: readonly RelayChange[]) {
        world.changes.push(...changes);
      },
    },
  };
  // Nothing else may be needed.
  return { world, settle: () => settleRelays(ports as unknown as Ports, NETWORK) };
}

describe("that a relay never can land", () => {
  test("is asked with its own bytes, which name the rest of its life", async () => {
    const { world, settle } = createWorld(relay(25));
    await settle();
    expect(world.asked).toEqual([[expect.objectContaining({ transactionId: "transaction", wire, lifetimeEnd: 150n })]]);
    expect(world.changes).toMatchObject([{ state: "expired" }]);
  });

  test("is not asked in its first seconds, when a height lied too low and a blockhash nobody has seen yet look like proof", async () => {
    for (const checks of [1, 24]) {
      const { world, settle } = createWorld(relay(checks, { lifetimeEnd: 0n }));
      await settle();
      expect([world.asked, world.sent, world.changes]).toMatchObject([[], 1, [{ state: "submitted" }]]);
    }
  });

  test("is asked without its height after ten minutes, so that one lied too high holds nothing for ever", async () => {
    const far = { lifetimeEnd: 9_000_000_000n };
    for (const [checks, height] of [
      [200, 9_000_000_000n],
      [201, 0n],
    ] as const) {
      const { world, settle } = createWorld(relay(checks, far));
      await settle();
      expect(world.asked[0]).toMatchObject([{ lifetimeEnd: height }]);
    }
  });

  test("stays open where the chain proves nothing, as of bytes that cannot be read, and is sent again", async () => {
    const garbled = relay(500, { transaction: wire.subarray(1) });
    const { world, settle } = createWorld(garbled, { provesNothing: true });
    await settle();
    expect([world.asked.length, world.sent, world.changes]).toMatchObject([1, 1, [{ state: "submitted" }]]);
  });
});

describe("a record that only one of several providers tells", () => {
  const status = { commitment: "finalized", slot: 7n } as const;
  const landed = { slot: 7n, error: null, fee: 0n, feePayerLoss: 0n, isAgreed: false };

  test("ends nothing yet, and is seen in the log", async () => {
    const { world, settle } = createWorld(relay(20), { status, landed });
    await settle();
    expect(world.changes).toMatchObject([{ state: "confirmed", slot: "7" }]);
    expect(world.changes[0]?.chargedFee).toBeUndefined();
    expect(world.records).toEqual([{ transactionId: "transaction", wire }]);
    expect(world.warnings).toEqual(["settle.record_not_agreed"]);
  });

  test("costs the whole quote in the end, whatever it says", async () => {
    const { world, settle } = createWorld(relay(60), { status, landed });
    await settle();
    expect(world.changes).toMatchObject([{ state: "finalized", chargedFee: "10000", chargedRent: "0" }]);
  });
});
