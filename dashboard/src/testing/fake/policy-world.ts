import type { PolicyCatalogue } from "../../../../bff/src/contract/manage/policies.ts";

type Instruction = PolicyCatalogue["programs"][number]["instructions"][number];

export const SYSTEM = "11111111111111111111111111111111";
export const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
export const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
export const MEMO = "Memo4c2pN8afCj432Lb7RMVKi9PbQnnW7ewFFaV3oAH";
const MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

/** `name(amount: u64) source destination` as an instruction of the catalogue. */
function instruction(written: string, sponsorRoles: readonly string[] = []): Instruction {
  const [, name = "", fields = "", accounts = ""] = /^(\w+)\(([^)]*)\)(.*)$/.exec(written) ?? [];
  return {
    name,
    arguments: fields
      .split(",")
      .filter(Boolean)
      .map((field) => {
        const [argument = "", type = ""] = field.split(":").map((part) => part.trim());
        return { name: argument, type };
      }),
    accounts: accounts.trim().split(" ").filter(Boolean),
    sponsorRoles: [...sponsorRoles],
  };
}

export const SOLANA_CATALOGUE: PolicyCatalogue = {
  programs: [
    {
      address: SYSTEM,
      name: "System",
      instructions: [
        instruction("transfer(amount: u64) source destination", ["recipient"]),
        instruction("createAccount(lamports: u64, space: u64, programAddress: publicKey) payer newAccount", ["funder"]),
      ],
    },
    {
      address: TOKEN,
      name: "SPL Token",
      instructions: [
        instruction("transfer(amount: u64) source destination owner"),
        instruction("transferChecked(amount: u64, decimals: u8) source mint destination owner"),
        instruction("approve(amount: u64) source delegate owner"),
        instruction("setAuthority(authorityType: u8, newAuthority: option<publicKey>) owned owner"),
        instruction("closeAccount() account destination owner", ["recipient"]),
      ],
    },
    {
      address: ASSOCIATED_TOKEN,
      name: "Associated Token Account",
      instructions: [
        instruction("create() payer ata owner mint systemProgram tokenProgram", ["payer"]),
        instruction("createIdempotent() payer ata owner mint systemProgram tokenProgram", ["payer"]),
      ],
    },
    {
      address: COMPUTE_BUDGET,
      name: "ComputeBudget",
      instructions: [
        instruction("setComputeUnitLimit(units: u32)"),
        instruction("setComputeUnitPrice(microLamports: u64)"),
      ],
    },
    { address: MEMO, name: "Memo", instructions: [instruction("memo(memo: text)")] },
  ],
  templates: [
    {
      id: "memo",
      name: "Say something",
      description: "Memos alone: the smallest policy that sponsors anything.",
      document: {
        allow: [
          { program: COMPUTE_BUDGET, instruction: "setComputeUnitLimit" },
          { program: COMPUTE_BUDGET, instruction: "setComputeUnitPrice" },
          { program: MEMO, instruction: "memo" },
        ],
        walletAssertions: true,
        maxSignatures: 2,
        maxFee: "25000",
        maxComputeUnits: 200_000,
        maxComputeUnitPrice: "50000",
      },
    },
    {
      id: "token-transfers",
      name: "Token transfers",
      description: "Transfers of tokens by the signed-in wallet. Accounts of receivers must be there.",
      document: {
        allow: [{ program: TOKEN, instruction: "transferChecked", sessionWalletIs: ["owner"] }],
        walletAssertions: true,
        maxSignatures: 2,
        maxFee: "25000",
        maxComputeUnits: 200_000,
        maxComputeUnitPrice: "50000",
      },
    },
  ],
};

const kind = (name: string, label: string, fields: string): PolicyCatalogue["programs"][number] => ({
  address: name,
  name: label,
  instructions: [{ ...instruction(`kind(${fields})`), name }],
});

export const ALGORAND_CATALOGUE: PolicyCatalogue = {
  programs: [
    kind("payment", "Payment", "sender: address, receiver: address, amount: uint64, closeRemainderTo: option<address>"),
    kind("asset-transfer", "Asset transfer", "sender: address, receiver: address, amount: uint64, asset: uint64"),
    kind("asset-opt-in", "Asset opt-in", "sender: address, asset: uint64"),
    kind("application-call", "Application call", "sender: address, argument1: by the method"),
  ],
  templates: [
    {
      id: "payments",
      name: "Small payments",
      description: "Payments of the signed-in wallet up to one Algo.",
      document: { allow: [{ transaction: "payment", arguments: { amount: { lte: "1000000" } } }], maxFee: "3000" },
    },
  ],
};

/** What has been published, oldest first. */
export const SOLANA_VERSIONS: readonly Readonly<Record<string, unknown>>[] = [
  SOLANA_CATALOGUE.templates[0]?.document ?? {},
  {
    allow: [
      { program: COMPUTE_BUDGET, instruction: "setComputeUnitLimit" },
      { program: COMPUTE_BUDGET, instruction: "setComputeUnitPrice" },
      { program: MEMO, instruction: "memo" },
      { program: TOKEN, instruction: "transferChecked", sessionWalletIs: ["owner"] },
    ],
    walletAssertions: true,
    maxSignatures: 2,
    maxFee: "25000",
    maxComputeUnits: 200_000,
    maxComputeUnitPrice: "50000",
  },
  {
    allow: [
      { program: COMPUTE_BUDGET, instruction: "setComputeUnitLimit" },
      { program: COMPUTE_BUDGET, instruction: "setComputeUnitPrice" },
      { program: MEMO, instruction: "memo" },
      {
        program: TOKEN,
        instruction: "transferChecked",
        sessionWalletIs: ["owner"],
        accounts: { mint: { in: [MINT] } },
        arguments: { amount: { lte: "5000000" } },
      },
      {
        program: SYSTEM,
        instruction: "transfer",
        sessionWalletIs: ["source"],
        arguments: { amount: { lte: "1000000" } },
      },
      { program: ASSOCIATED_TOKEN, instruction: "createIdempotent" },
    ],
    sponsorRoles: [{ program: ASSOCIATED_TOKEN, role: "payer" }],
    walletAssertions: true,
    maxSignatures: 2,
    maxFee: "25000",
    maxComputeUnits: 200_000,
    maxComputeUnitPrice: "50000",
    maxRent: "2039280",
  },
];

export const ALGORAND_VERSIONS: readonly Readonly<Record<string, unknown>>[] = [
  {
    allow: [
      { transaction: "asset-opt-in", arguments: { asset: { eq: "31566704" } } },
      { transaction: "asset-transfer", arguments: { asset: { eq: "31566704" }, amount: { lte: "5000000" } } },
      { transaction: "application-call", application: "1002541853", methods: ["swap(uint64,uint64)uint64"] },
    ],
    maxFee: "8000",
    maxTransactions: 3,
    minimumBalance: { account: true, assets: ["31566704"] },
    maxRent: "200000",
  },
];
