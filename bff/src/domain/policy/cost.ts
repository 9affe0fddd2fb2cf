import type { DecodedTransaction } from "./decoded-transaction.ts";
import { COMPUTE_BUDGET_PROGRAM } from "./programs.ts";

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

/** What a transaction asks the fee payer for, at worst. Amounts in lamports, price in micro-lamports per compute unit. */
export interface Cost {
  readonly signatures: bigint;
  readonly computeUnits: bigint | undefined;
  readonly computeUnitPrice: bigint;
  readonly fee: bigint;
  /** More than one instruction sets the same thing: the runtime would refuse it, and so do we. */
  readonly isAmbiguous: boolean;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** The worst case: a compute limit that is absent counts as the maximum. Source: Agave 3, fee structure. */
export function costOf(transaction: DecodedTransaction): Cost {
  let signatures = BigInt(transaction.requiredSignatures);
  const limits: bigint[] = [];
  const prices: bigint[] = [];
  for (const { programIndex, data } of transaction.instructions) {
    const program = transaction.accounts[programIndex] ?? "";
    if (PRECOMPILES.has(program)) signatures += BigInt(data[0] ?? 0);
    if (program !== COMPUTE_BUDGET_PROGRAM) continue;
    if (data[0] === 2) limits.push(littleEndian(data.subarray(1, 5)));
    if (data[0] === 3) prices.push(littleEndian(data.subarray(1, 9)));
  }
  const computeUnits = limits[0];
  const computeUnitPrice = prices[0] ?? 0n;
  const microLamports = computeUnitPrice * (computeUnits ?? MAX_COMPUTE_UNITS);
  const priorityFee = (microLamports + MICRO_LAMPORTS_PER_LAMPORT - 1n) / MICRO_LAMPORTS_PER_LAMPORT;
  return {
    signatures,
    computeUnits,
    computeUnitPrice,
    fee: signatures * LAMPORTS_PER_SIGNATURE + priorityFee,
    isAmbiguous: limits.length > 1 || prices.length > 1,
  };
}
