import type { Address } from "@solana/kit";
import { SYSTEM_PROGRAM } from "./svm.ts";
import type { DecodedMessage } from "./wire-transaction.ts";

const LAMPORTS_PER_SIGNATURE = 5000n;
const MAX_COMPUTE_UNITS = 1_400_000n;
const COMPUTE_UNITS_PER_PROGRAM_CALL = 200_000n;
const COMPUTE_UNITS_PER_BUILTIN_CALL = 3_000n;
const MICRO_LAMPORTS_PER_LAMPORT = 1_000_000n;

const COMPUTE_BUDGET_PROGRAM = "ComputeBudget111111111111111111111111111111";
const ED25519 = "Ed25519SigVerify111111111111111111111111111";
const SECP256K1 = "KeccakSecp256k11111111111111111111111111111";
const SECP256R1 = "Secp256r1SigVerify1111111111111111111111111";
const SIGNATURE_PROGRAMS: ReadonlySet<string> = new Set([ED25519, SECP256K1, SECP256R1]);

/** Programs that SIMD-0170 prices as builtins, with mainnet's features: the migrated ones count as ordinary. */
const BUILTINS: ReadonlySet<string> = new Set([
  SYSTEM_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  ED25519,
  SECP256K1,
  "BPFLoader1111111111111111111111111111111111",
  "BPFLoader2111111111111111111111111111111111",
  "BPFLoaderUpgradeab1e11111111111111111111111",
  "LoaderV411111111111111111111111111111111111",
]);

/** Fee in lamports: 5000 per signature, precompile signatures included, plus the priority fee. */
export function feeOf(message: DecodedMessage): bigint {
  let signatures = BigInt(message.header.numSignerAccounts);
  let price = 0n;
  let limit: bigint | null = null;
  let defaultLimit = 0n;
  for (const { programIdIndex, data } of message.instructions) {
    const program: Address | undefined = message.staticKeys[programIdIndex];
    if (program === undefined) continue;
    defaultLimit += BUILTINS.has(program) ? COMPUTE_UNITS_PER_BUILTIN_CALL : COMPUTE_UNITS_PER_PROGRAM_CALL;
    if (SIGNATURE_PROGRAMS.has(program)) signatures += BigInt(data[0] ?? 0);
    if (program !== COMPUTE_BUDGET_PROGRAM) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (data[0] === 2 && data.length >= 5) limit = BigInt(view.getUint32(1, true));
    if (data[0] === 3 && data.length >= 9) price = view.getBigUint64(1, true);
  }
  const base = LAMPORTS_PER_SIGNATURE * signatures;
  if (message.priorityFeeLamports !== null) return base + message.priorityFeeLamports;
  const units = limit ?? defaultLimit;
  const priced = price * (units < MAX_COMPUTE_UNITS ? units : MAX_COMPUTE_UNITS);
  return base + (priced + MICRO_LAMPORTS_PER_LAMPORT - 1n) / MICRO_LAMPORTS_PER_LAMPORT;
}
