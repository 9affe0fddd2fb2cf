import type { PolicyCatalogue } from "../../contract/manage/policies.ts";
import type { SolanaPolicy } from "../../contract/policy.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

type Template = PolicyCatalogue["templates"][number] & { readonly document: SolanaPolicy };
type Allowed = SolanaPolicy["allow"];

/** Stands for the dapp's own program, and its lookup table, until its author puts them in. */
const OWN_PROGRAM = "YourProgram11111111111111111111111111111111";
const OWN_TABLE = "YourTab1e1111111111111111111111111111111111";

/** What wallets add by themselves, and bounds that a plain transaction keeps. */
const COMPUTE: Allowed = ["setComputeUnitLimit", "setComputeUnitPrice"].map((instruction) => ({
  program: COMPUTE_BUDGET_PROGRAM,
  instruction,
}));
const BOUNDS = {
  walletAssertions: true,
  maxSignatures: 2,
  maxFee: "25000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "50000",
} as const;

const transfers = (program: string): Allowed =>
  ["transfer", "transferChecked"].map((instruction) => ({ program, instruction, sessionWalletIs: ["owner"] }));

const ofWallet = (program: string, instruction: string, ...sessionWalletIs: string[]): Allowed[number] => ({
  program,
  instruction,
  sessionWalletIs,
});

const accountsOfTokens: Allowed = ["create", "createIdempotent"].map((instruction) => ({
  program: ASSOCIATED_TOKEN_PROGRAM,
  instruction,
}));

const memos: Allowed = MEMO_PROGRAMS.map((program) => ({ program, instruction: "memo" }));

/** Where a new Solana policy can begin. The linter finds nothing in any of them. */
export const SOLANA_TEMPLATES: readonly Template[] = [
  {
    id: "memo",
    name: "Say something",
    description: "Memos alone: the smallest policy that sponsors anything. Good for a first transaction.",
    document: { allow: [...COMPUTE, ...memos], ...BOUNDS },
  },
  {
    id: "token-transfers",
    name: "Token transfers",
    description: "Transfers of tokens by the signed-in wallet, with a memo. Accounts of receivers must be there.",
    document: {
      allow: [...COMPUTE, ...memos, ...transfers(TOKEN_PROGRAM), ...transfers(TOKEN_2022_PROGRAM)],
      ...BOUNDS,
    },
  },
  {
    id: "token-accounts",
    name: "Token transfers to new accounts",
    description:
      "As token transfers, and the sponsor pays the rent of up to two accounts of receivers. Needs a budget of rent.",
    document: {
      allow: [...COMPUTE, ...accountsOfTokens, ...transfers(TOKEN_PROGRAM), ...transfers(TOKEN_2022_PROGRAM)],
      sponsorRoles: [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }],
      ...BOUNDS,
      maxRent: "4078560",
    },
  },
  {
    id: "own-program",
    name: "Your own program",
    description:
      "One instruction of a program of yours, by the signed-in wallet. Put in what its IDL says: the editor reads it.",
    document: {
      allow: [...COMPUTE, { ...ofWallet(OWN_PROGRAM, "vote", "voter"), arguments: { choice: { lt: "4" } } }],
      programs: [
        {
          address: OWN_PROGRAM,
          name: "Your program",
          instructions: [
            {
              name: "vote",
              // SHA-256 of "global:vote" begins with these eight bytes.
              discriminator: "e36e9b17887eac19",
              arguments: [{ name: "choice", type: "u8" }],
              accounts: ["poll", "voter"],
            },
          ],
        },
      ],
      ...BOUNDS,
    },
  },
  {
    id: "nft-mint",
    name: "NFT by Token-2022",
    description:
      "The signed-in wallet mints a token with its metadata in the mint, pays its rent and gives up the right to mint more.",
    document: {
      allow: [
        ...COMPUTE,
        ofWallet(SYSTEM_PROGRAM, "createAccount", "payer"),
        { program: TOKEN_2022_PROGRAM, instruction: "initializeMetadataPointer" },
        { program: TOKEN_2022_PROGRAM, instruction: "initializeMint2", arguments: { decimals: { eq: "0" } } },
        ofWallet(TOKEN_2022_PROGRAM, "initializeTokenMetadata", "mintAuthority"),
        ...accountsOfTokens.map((entry) => ({ ...entry, sessionWalletIs: ["payer"] })),
        { ...ofWallet(TOKEN_2022_PROGRAM, "mintTo", "mintAuthority"), arguments: { amount: { eq: "1" } } },
        { ...ofWallet(TOKEN_2022_PROGRAM, "setAuthority", "owner"), arguments: { newAuthority: { eq: null } } },
      ],
      ...BOUNDS,
      // The mint signs as well.
      maxSignatures: 3,
      maxFee: "30000",
    },
  },
  {
    id: "swap",
    name: "Swap with lookup tables",
    description:
      "A swap of a program of yours that needs many accounts: they come from your lookup table, the wallet is its user.",
    document: {
      allow: [
        ...COMPUTE,
        ...accountsOfTokens.map((entry) => ({ ...entry, sessionWalletIs: ["payer"] })),
        ofWallet(OWN_PROGRAM, "swap", "user"),
      ],
      programs: [
        {
          address: OWN_PROGRAM,
          name: "Your exchange",
          instructions: [
            {
              name: "swap",
              // SHA-256 of "global:swap" begins with these eight bytes.
              discriminator: "f8c69e91e17587c8",
              arguments: [
                { name: "amountIn", type: "u64" },
                { name: "minimumAmountOut", type: "u64" },
              ],
              accounts: ["user", "source", "destination"],
              moreAccounts: true,
            },
          ],
        },
      ],
      ...BOUNDS,
      lookupTables: [OWN_TABLE],
      maxFee: "60000",
      maxComputeUnits: 600_000,
    },
  },
];
