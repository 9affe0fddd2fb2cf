import { parseInstructions } from "./parse-instructions.ts";

/** Source: ComputeBudget (Agave 3, which refuses `requestUnits`), `@solana-program/compute-budget` 0.18.1. */
export const COMPUTE_BUDGET_INSTRUCTIONS = parseInstructions(`
  requestUnits 0 units:u32 additionalFee:u32
  requestHeapFrame 1 bytes:u32
  setComputeUnitLimit 2 units:u32
  setComputeUnitPrice 3 microLamports:u64
  setLoadedAccountsDataSizeLimit 4 accountDataSizeLimit:u32
`);
