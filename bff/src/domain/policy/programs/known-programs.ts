import { ADDRESS_LOOKUP_TABLE_INSTRUCTIONS } from "./address-lookup-table.ts";
import { ASSOCIATED_TOKEN_INSTRUCTIONS } from "./associated-token.ts";
import { COMPUTE_BUDGET_INSTRUCTIONS } from "./compute-budget.ts";
import { LIGHTHOUSE_INSTRUCTIONS } from "./lighthouse.ts";
import { MEMO_INSTRUCTIONS } from "./memo.ts";
import type { ProgramShape } from "./shape.ts";
import { SYSTEM_INSTRUCTIONS } from "./system.ts";
import { TOKEN_2022_INSTRUCTIONS } from "./token-2022.ts";
import { TOKEN_INSTRUCTIONS } from "./token.ts";

export const SYSTEM_PROGRAM = "11111111111111111111111111111111";
export const TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
export const TOKEN_2022_PROGRAM = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
export const ASSOCIATED_TOKEN_PROGRAM = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
export const COMPUTE_BUDGET_PROGRAM = "ComputeBudget111111111111111111111111111111";
export const MEMO_PROGRAMS = [
  "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo",
  "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
  "Memo4c2pN8afCj432Lb7RMVKi9PbQnnW7ewFFaV3oAH",
] as const;
export const ADDRESS_LOOKUP_TABLE_PROGRAM = "AddressLookupTab1e1111111111111111111111111";
export const LIGHTHOUSE_PROGRAM = "L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95";

const PROGRAMS: readonly ProgramShape[] = [
  { address: SYSTEM_PROGRAM, name: "System", instructions: SYSTEM_INSTRUCTIONS },
  { address: TOKEN_PROGRAM, name: "SPL Token", instructions: TOKEN_INSTRUCTIONS, batchDiscriminator: [255] },
  { address: TOKEN_2022_PROGRAM, name: "Token-2022", instructions: TOKEN_2022_INSTRUCTIONS, batchDiscriminator: [255] },
  { address: ASSOCIATED_TOKEN_PROGRAM, name: "Associated Token Account", instructions: ASSOCIATED_TOKEN_INSTRUCTIONS },
  { address: COMPUTE_BUDGET_PROGRAM, name: "ComputeBudget", instructions: COMPUTE_BUDGET_INSTRUCTIONS },
  {
    address: ADDRESS_LOOKUP_TABLE_PROGRAM,
    name: "Address Lookup Table",
    instructions: ADDRESS_LOOKUP_TABLE_INSTRUCTIONS,
  },
  { address: LIGHTHOUSE_PROGRAM, name: "Lighthouse", instructions: LIGHTHOUSE_INSTRUCTIONS },
  ...MEMO_PROGRAMS.map((address) => ({ address, name: "Memo", instructions: MEMO_INSTRUCTIONS })),
];

/** The programs whose instructions this version can tell apart, by address. */
export const KNOWN_PROGRAMS: ReadonlyMap<string, ProgramShape> = new Map(
  PROGRAMS.map((program) => [program.address, program]),
);
