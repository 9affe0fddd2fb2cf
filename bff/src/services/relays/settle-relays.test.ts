import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { composeWire } from "../../../test/support/wire.ts";
import { decodeTransaction } from "../../adapters/chains/solana/decode.ts";
import type { ClaimedRelay, LandedTransaction, RelayChange, TransactionStatus } from "../../domain/relay.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { settleRelays } from "./settle-relays.ts";

const NETWORK = "solana:devnet";
const wire = composeWire();
const decoded = decodeTransaction(wire);
if (!decoded.ok) throw new Error(decoded.reason.detail);
const { blockhash } = decoded.value;

const relay = (checks: number, changes: Partial<ClaimedRelay> = {}): ClaimedRelay => ({
  id: "rly_1",
  state: "submitted",
  transaction: wire,
  transactionId: "transaction",
  lifetimeEndHeight: 150n,
  quotedFee: 10_000n,
  quotedRent: 0n,
  checks,
  ...changes,
});

/** One relay, and a chain that says what it is told to. */
function createWorld(claimed: ClaimedRelay, said: { status?: TransactionStatus; landed?: LandedTransaction } = {}) {
  const world = {
    changes: [] as RelayChange[],
    warnings: [] as string[],
    asked: [] as Parameters<ChainPort["proveAbsent"]>[0][],
    sent: 0,
  };
  const chain: Partial<ChainPort> = {
    decode: decodeTransaction,
    statuses: async (ids) => ids.map(() => said.status),
    async proveAbsent(transactions) {
      world.asked.push(transactions);
      return { absent: new Set(transactions.map(({ transactionId }) => transactionId)), found: new Map(), silent: [] };
    },
    landed: async () => said.landed,
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
  test("is asked with the blockhash that its own bytes name", async () => {
    const { world, settle } = createWorld(relay(25));
    await settle();
    expect(world.asked).toEqual([
      [expect.objectContaining({ transactionId: "transaction", blockhash, lifetimeEndHeight: 150n })],
    ]);
    expect(base58.decode(blockhash)).toHaveLength(32);
    expect(world.changes).toMatchObject([{ state: "expired" }]);
  });

  test("is not asked in its first seconds, when a height lied too low and a blockhash nobody has seen yet look like proof", async () => {
    for (const checks of [1, 24]) {
      const { world, settle } = createWorld(relay(checks, { lifetimeEndHeight: 0n }));
      await settle();
      expect([world.asked, world.sent, world.changes]).toMatchObject([[], 1, [{ state: "submitted" }]]);
    }
  });

  test("is asked without its height after ten minutes, so that one lied too high holds nothing for ever", async () => {
    const far = { lifetimeEndHeight: 9_000_000_000n };
    for (const [checks, height] of [
      [200, 9_000_000_000n],
      [201, 0n],
    ] as const) {
      const { world, settle } = createWorld(relay(checks, far));
      await settle();
      expect(world.asked[0]).toMatchObject([{ lifetimeEndHeight: height }]);
    }
  });

  test("is never proven of bytes that cannot be read", async () => {
    const { world, settle } = createWorld(relay(500, { transaction: wire.subarray(1) }));
    await settle();
    expect([world.asked, world.changes]).toMatchObject([[], [{ state: "submitted" }]]);
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
    expect(world.warnings).toEqual(["settle.record_not_agreed"]);
  });

  test("costs the whole quote in the end, whatever it says", async () => {
    const { world, settle } = createWorld(relay(60), { status, landed });
    await settle();
    expect(world.changes).toMatchObject([{ state: "finalized", chargedFee: "10000", chargedRent: "0" }]);
  });
});
