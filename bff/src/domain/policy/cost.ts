import type { Call } from "./call.ts";
import type { DecodedTransaction } from "./decoded-transaction.ts";
import { COMPUTE_BUDGET_PROGRAM } from "./programs/known-programs.ts";
import { sponsorRoleAt } from "./sponsor-roles.ts";

export const LAMPORTS_PER_SIGNATURE = 5_000n;
/** The most that one transaction can ask for. Source: Agave, MAX_COMPUTE_UNIT_LIMIT. */
const MAX_COMPUTE_UNITS = 1_400_000n;
const MICRO_LAMPORTS_PER_LAMPORT = 1_000_000n;

/** Programs whose first data byte counts signatures that are paid for like the transaction's own. */
const PRECOMPILES = new Set([
  "Ed25519SigVerify111111111111111111111111111",
  "KeccakSecp256k11111111111111111111111111111",
  "Secp256r1SigVerify1111111111111111111111111",
]);

/** What a transaction asks the sponsor for, at worst. Amounts in lamports, price in micro-lamports per compute unit. */
export interface Cost {
  readonly signatures: bigint;
  readonly computeUnits: bigint | undefined;
  readonly computeUnitPrice: bigint;
  readonly fee: bigint;
  /** What roles of the sponsor may take from it, whatever a simulation says. */
  readonly rent: bigint;
  /** More than one place sets the same thing: the runtime would refuse it, and so do we. */
  readonly isAmbiguous: boolean;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

const divideUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

function worstRent(transaction: DecodedTransaction, calls: readonly Call[]): bigint {
  const sponsor = transaction.accounts[0];
  return calls.reduce((sum, call) => {
    const roles = call.accounts.flatMap((account, position) =>
      account === sponsor ? [sponsorRoleAt(call, position)?.worstRent(call) ?? 0n] : [],
    );
    return roles.reduce((total, rent) => total + rent, sum);
  }, 0n);
}

/** The worst case: a compute limit that is absent counts as the maximum. Source: Agave 3, fee structure; SIMD-0385. */
export function costOf(transaction: DecodedTransaction, calls: readonly Call[]): Cost {
  let signatures = BigInt(transaction.requiredSignatures);
  const limits: bigint[] = [];
  const prices: bigint[] = [];
  for (const { program, data } of calls) {
    if (PRECOMPILES.has(program)) signatures += BigInt(data[0] ?? 0);
    if (program !== COMPUTE_BUDGET_PROGRAM) continue;
    if (data[0] === 2) limits.push(littleEndian(data.subarray(1, 5)));
    if (data[0] === 3) prices.push(littleEndian(data.subarray(1, 9)));
  }
  const { config } = transaction;
  const computeUnits = config?.computeUnits ?? limits[0];
  const units = computeUnits ?? MAX_COMPUTE_UNITS;
  // Of an instruction in version 1 it is not relied upon that the runtime passes it over.
  const priced = divideUp((prices[0] ?? 0n) * units, MICRO_LAMPORTS_PER_LAMPORT);
  const priorityFee = (config?.priorityFee ?? 0n) + priced;
  const effectivePrice = divideUp((config?.priorityFee ?? 0n) * MICRO_LAMPORTS_PER_LAMPORT, units > 0n ? units : 1n);
  const isSaidTwice = config !== undefined && limits.length + prices.length > 0;
  return {
    signatures,
    computeUnits,
    computeUnitPrice: config ? effectivePrice + (prices[0] ?? 0n) : (prices[0] ?? 0n),
    fee: signatures * LAMPORTS_PER_SIGNATURE + priorityFee,
    rent: worstRent(transaction, calls),
    isAmbiguous: limits.length > 1 || prices.length > 1 || isSaidTwice,
  };
}
