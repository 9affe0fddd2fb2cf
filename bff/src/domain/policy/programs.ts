/** How a known program's instruction is told by its first bytes, and what its accounts are called. */
interface InstructionShape {
  readonly name: string;
  /** First bytes of the data. */
  readonly discriminator: readonly number[];
  /** Exact length of the data in bytes; undefined: any. */
  readonly dataLength?: number;
  /** Roles of the accounts, in order; the data of a shape with roles is only accepted with at least these accounts. */
  readonly roles?: readonly string[];
}

interface ProgramShape {
  readonly name: string;
  readonly instructions: readonly InstructionShape[];
}

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

/** Shapes of instructions that are told by a little-endian number in front, given as names in the order of that number. */
function numbered(names: readonly string[], widthBytes: 1 | 4): InstructionShape[] {
  return names.map((name, index) => ({
    name,
    discriminator: widthBytes === 1 ? [index] : [index, 0, 0, 0],
  }));
}

function detailed(
  shapes: readonly InstructionShape[],
  details: Readonly<Record<string, { dataLength: number; roles?: readonly string[] }>>,
): InstructionShape[] {
  return shapes.map((shape) => ({ ...shape, ...details[shape.name] }));
}

const TOKEN_INSTRUCTIONS = numbered(
  [
    "initializeMint",
    "initializeAccount",
    "initializeMultisig",
    "transfer",
    "approve",
    "revoke",
    "setAuthority",
    "mintTo",
    "burn",
    "closeAccount",
    "freezeAccount",
    "thawAccount",
    "transferChecked",
    "approveChecked",
    "mintToChecked",
    "burnChecked",
    "initializeAccount2",
    "syncNative",
    "initializeAccount3",
    "initializeMultisig2",
    "initializeMint2",
    "getAccountDataSize",
    "initializeImmutableOwner",
    "amountToUiAmount",
    "uiAmountToAmount",
  ],
  1,
);

const TOKEN_TRANSFERS = {
  transfer: { dataLength: 9, roles: ["source", "destination", "owner"] },
  transferChecked: { dataLength: 10, roles: ["source", "mint", "destination", "owner"] },
};

const MEMO: ProgramShape = { name: "Memo", instructions: [{ name: "memo", discriminator: [] }] };

/**
 * The programs whose instructions this version can tell apart.
 * Source: System program (Agave 3), SPL Token 3.5, Token-2022 1.0, Associated Token Account 1.1, ComputeBudget (Agave 3), Memo.
 */
export const KNOWN_PROGRAMS: ReadonlyMap<string, ProgramShape> = new Map<string, ProgramShape>([
  [
    SYSTEM_PROGRAM,
    {
      name: "System",
      instructions: detailed(
        numbered(
          [
            "createAccount",
            "assign",
            "transfer",
            "createAccountWithSeed",
            "advanceNonceAccount",
            "withdrawNonceAccount",
            "initializeNonceAccount",
            "authorizeNonceAccount",
            "allocate",
            "allocateWithSeed",
            "assignWithSeed",
            "transferWithSeed",
            "upgradeNonceAccount",
            "createAccountAllowPrefund",
          ],
          4,
        ),
        { transfer: { dataLength: 12, roles: ["source", "destination"] } },
      ),
    },
  ],
  [TOKEN_PROGRAM, { name: "SPL Token", instructions: detailed(TOKEN_INSTRUCTIONS, TOKEN_TRANSFERS) }],
  [TOKEN_2022_PROGRAM, { name: "Token-2022", instructions: detailed(TOKEN_INSTRUCTIONS, TOKEN_TRANSFERS) }],
  [
    ASSOCIATED_TOKEN_PROGRAM,
    {
      name: "Associated Token Account",
      instructions: numbered(["create", "createIdempotent", "recoverNested"], 1),
    },
  ],
  [
    COMPUTE_BUDGET_PROGRAM,
    {
      name: "ComputeBudget",
      instructions: detailed(
        numbered(
          [
            "requestUnits",
            "requestHeapFrame",
            "setComputeUnitLimit",
            "setComputeUnitPrice",
            "setLoadedAccountsDataSizeLimit",
          ],
          1,
        ),
        { setComputeUnitLimit: { dataLength: 5 }, setComputeUnitPrice: { dataLength: 9 } },
      ),
    },
  ],
  ...MEMO_PROGRAMS.map((address) => [address, MEMO] as const),
]);

/** The shape that an instruction's data has, or undefined when the program has no such instruction. */
export function shapeOf(program: ProgramShape, data: Uint8Array): InstructionShape | undefined {
  return program.instructions.find(
    ({ discriminator, dataLength }) =>
      (dataLength === undefined || data.length === dataLength) &&
      data.length >= discriminator.length &&
      discriminator.every((byte, index) => data[index] === byte),
  );
}
