import { type Chain, createChain } from "@gasless/localnet/solana/chain";
import type { AccountState } from "@gasless/localnet/solana/svm";
import { decodeTransaction } from "@gasless/localnet/solana/wire-transaction";
import { type Address, getAddressEncoder, getProgramDerivedAddress } from "@solana/kit";
import type { ArgumentValue } from "../../src/domain/policy/programs/shape.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "../../src/domain/policy/programs/known-programs.ts";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
import { RECENT_BLOCKHASHES, RENT } from "../support/instructions.ts";
import { encodeMessage, joinSignatures, planMessage } from "../support/message.ts";
import { type FuzzKey, keyNamed } from "./keys.ts";
import { instructionOf } from "./known-shape.ts";

interface Mint {
  readonly name: string;
  readonly address: string;
  readonly program: string;
}

export interface TokenAccount {
  readonly address: string;
  readonly mint: Mint;
  readonly owner: string;
}

/** Who and what a random transaction can name, on a chain of its own. */
export interface Scene {
  readonly chain: Chain;
  /** Whose signatures an attacker has. The sponsor signs last, and only what is accepted. */
  readonly keys: ReadonlyMap<string, FuzzKey>;
  readonly sponsorKey: FuzzKey;
  readonly sponsor: string;
  /** Another key of the pool. */
  readonly spare: string;
  readonly user: string;
  readonly friend: string;
  readonly strangers: readonly string[];
  readonly mints: readonly Mint[];
  readonly tokenAccounts: readonly TokenAccount[];
  /** Of the user's, with nothing in them. */
  readonly emptyTokenAccounts: readonly TokenAccount[];
  /** Of the user and the sponsor, either of whom is enough. */
  readonly multisig: string;
  readonly nonceAccount: string;
  readonly table: { readonly address: string; readonly entries: readonly string[] };
  /** Deactivated for so long that it can be closed. */
  readonly deadTable: string;
  /** Where the user's next table would be. */
  readonly newTable: { readonly address: string; readonly slot: bigint; readonly bump: number };
  /** The associated token account of an owner, whether it is there or not. */
  readonly ataOf: (owner: string, mint: Mint) => string;
  /** What an address is called in a report. */
  readonly nameOf: (address: string) => string;
}

const SOL = 1_000_000_000n;
const SLOT_DEPTH = 20;
const MINT_BYTES = 82n;
const TOKEN_ACCOUNT_BYTES = 165n;
const MULTISIG_BYTES = 355n;
const NONCE_BYTES = 80n;
const TYPE_BYTES = 1n;
/** Type and length in front of each extension. */
const EXTENSION_HEAD_BYTES = 4n;
const TOKENS = 1_000_000n;

const encodeAddress = getAddressEncoder().encode;
const bytesOf = (address: string): Uint8Array => new Uint8Array(encodeAddress(address as Address));

interface Extension {
  readonly instruction: string;
  readonly bytes: bigint;
  readonly values?: Readonly<Record<string, ArgumentValue>>;
}

/** What a Token-2022 mint has before it is initialised; the wide one demands much of every account. */
function extensionsOf(user: string): Readonly<Record<string, readonly Extension[]>> {
  const fee: Extension = {
    instruction: "initializeTransferFeeConfig",
    bytes: 108n,
    values: {
      transferFeeConfigAuthority: user,
      withdrawWithheldAuthority: user,
      transferFeeBasisPoints: 100n,
      maximumFee: 5n,
    },
  };
  return {
    "Token-2022 mint": [],
    "mint with a transfer fee": [fee],
    "mint with a permanent delegate": [
      { instruction: "initializePermanentDelegate", bytes: 32n, values: { delegate: user } },
    ],
    "wide mint": [
      fee,
      { instruction: "initializePausableConfig", bytes: 33n, values: { authority: user } },
      { instruction: "initializeTransferHook", bytes: 64n, values: { authority: user, programId: null } },
      { instruction: "initializeMintCloseAuthority", bytes: 32n, values: { closeAuthority: user } },
      { instruction: "initializeDefaultAccountState", bytes: 1n, values: { state: 1n } },
    ],
  };
}

/** An account of the table program as an old table is. Source: Address Lookup Table program, `LookupTableMeta`. */
function tableState(authority: string, entries: readonly string[], deactivatedAt: bigint): number[] {
  return [
    ...littleEndian(1, 4),
    ...littleEndian(deactivatedAt, 8),
    ...littleEndian(0, 8),
    0,
    1,
    ...bytesOf(authority),
    0,
    0,
    ...entries.flatMap((entry) => [...bytesOf(entry)]),
  ];
}

export async function createScene(): Promise<Scene> {
  const chain = createChain({ slotMs: 0, finalityDepth: 1 });
  chain.warp(SLOT_DEPTH);
  const [sponsorKey, userKey, friendKey] = ["sponsor", "user", "friend"].map(keyNamed) as [FuzzKey, FuzzKey, FuzzKey];
  const sponsor = sponsorKey.address;
  const spare = keyNamed("spare").address;
  const user = userKey.address;
  const friend = friendKey.address;
  const strangers = [1, 2, 3].map((number) => keyNamed(`stranger ${number}`).address);
  const names = new Map<string, string>([
    [sponsor, "SPONSOR"],
    [spare, "SPARE"],
    [user, "user"],
    [friend, "friend"],
  ]);
  for (const [index, stranger] of strangers.entries()) names.set(stranger, `stranger ${index + 1}`);

  const put = (address: string, lamports: bigint, owner = SYSTEM_PROGRAM, data: readonly number[] = []): void =>
    chain.setAccount(address as Address, {
      lamports,
      owner: owner as Address,
      executable: false,
      data: Uint8Array.from(data),
    });
  for (const address of [sponsor, spare, user, friend]) put(address, 100n * SOL);

  const signersOf = (keys: readonly FuzzKey[]) => new Set(keys.map(({ address }) => address));
  /** Runs instructions that must succeed, paid by the user. */
  const run = (instructions: readonly PlainInstruction[], ...others: readonly FuzzKey[]): void => {
    const { blockhash } = chain.blocks.newest();
    const model = planMessage({ version: 0, feePayer: user, blockhash, instructions });
    const message = encodeMessage(model);
    const all = [userKey, ...others];
    const signatures = model.accounts
      .slice(0, model.requiredSignatures)
      .map((signer) => all.find(({ address }) => address === signer)?.sign(message) ?? new Uint8Array(64));
    const landing = chain.land(decodeTransaction(joinSignatures(0, message, signatures)));
    const error = landing.kind === "landed" ? landing.transaction.error : landing.error;
    if (error !== null) throw new Error(`the scene cannot be set: ${JSON.stringify(error)}`);
  };
  const call = (
    program: string,
    instruction: string,
    accounts: readonly string[],
    values: Readonly<Record<string, ArgumentValue>> = {},
    ...others: readonly FuzzKey[]
  ): PlainInstruction =>
    instructionOf({ program, instruction, accounts, values, signers: signersOf([userKey, ...others]) });
  const create = (name: string, bytes: bigint, owner: string): readonly [FuzzKey, PlainInstruction] => {
    const key = keyNamed(name);
    names.set(key.address, name);
    const values = { lamports: chain.svm.minimumBalance(bytes), space: bytes, programAddress: owner };
    return [key, call(SYSTEM_PROGRAM, "createAccount", [user, key.address], values, key)];
  };

  const initializeMint = (program: string, mint: string): PlainInstruction =>
    call(program, "initializeMint2", [mint], { decimals: 2n, mintAuthority: user, freezeAuthority: user });
  const mints: Mint[] = [];
  const [plainKey, createPlain] = create("SPL Token mint", MINT_BYTES, TOKEN_PROGRAM);
  run([createPlain, initializeMint(TOKEN_PROGRAM, plainKey.address)], plainKey);
  mints.push({ name: "SPL Token mint", address: plainKey.address, program: TOKEN_PROGRAM });
  for (const [name, extensions] of Object.entries(extensionsOf(user))) {
    const extended = extensions.reduce(
      (sum, { bytes }) => sum + EXTENSION_HEAD_BYTES + bytes,
      TOKEN_ACCOUNT_BYTES + TYPE_BYTES,
    );
    const [key, createMint] = create(name, extensions.length === 0 ? MINT_BYTES : extended, TOKEN_2022_PROGRAM);
    const initialise = extensions.map(({ instruction, values = {} }) =>
      call(TOKEN_2022_PROGRAM, instruction, [key.address], values),
    );
    run([createMint, ...initialise, initializeMint(TOKEN_2022_PROGRAM, key.address)], key);
    mints.push({ name, address: key.address, program: TOKEN_2022_PROGRAM });
  }

  const atas = new Map<string, string>();
  for (const owner of [sponsor, spare, user, friend, ...strangers]) {
    for (const mint of mints) {
      const [ata] = await getProgramDerivedAddress({
        programAddress: ASSOCIATED_TOKEN_PROGRAM as Address,
        seeds: [owner, mint.program, mint.address].map(bytesOf),
      });
      atas.set(`${owner} ${mint.address}`, ata);
      names.set(ata, `the ${mint.name} account of ${names.get(owner)}`);
    }
  }
  const ataOf = (owner: string, mint: Mint): string => atas.get(`${owner} ${mint.address}`) ?? mint.address;

  const tokenAccounts: TokenAccount[] = [];
  for (const mint of mints) {
    for (const owner of [sponsor, spare, user, friend]) {
      const address = ataOf(owner, mint);
      run([
        call(ASSOCIATED_TOKEN_PROGRAM, "createIdempotent", [
          user,
          address,
          owner,
          mint.address,
          SYSTEM_PROGRAM,
          mint.program,
        ]),
        call(mint.program, "mintTo", [mint.address, address, user], { amount: TOKENS }),
      ]);
      tokenAccounts.push({ address, mint, owner });
    }
  }
  const emptyTokenAccounts = mints.slice(0, 2).map((mint): TokenAccount => {
    const [key, createAccount] = create(`empty account of the ${mint.name}`, TOKEN_ACCOUNT_BYTES, mint.program);
    run([createAccount, call(mint.program, "initializeAccount3", [key.address, mint.address], { owner: user })], key);
    return { address: key.address, mint, owner: user };
  });
  const [multisigKey, createMultisig] = create("multisig of user and sponsor", MULTISIG_BYTES, TOKEN_PROGRAM);
  run(
    [createMultisig, call(TOKEN_PROGRAM, "initializeMultisig2", [multisigKey.address, friend, sponsor], { m: 1n })],
    multisigKey,
  );
  const [plain] = mints;
  if (plain) {
    const [key, createAccount] = create("token account of the multisig", TOKEN_ACCOUNT_BYTES, TOKEN_PROGRAM);
    run(
      [
        createAccount,
        call(TOKEN_PROGRAM, "initializeAccount3", [key.address, plain.address], { owner: multisigKey.address }),
        call(TOKEN_PROGRAM, "mintTo", [plain.address, key.address, user], { amount: TOKENS }),
      ],
      key,
    );
    tokenAccounts.push({ address: key.address, mint: plain, owner: multisigKey.address });
  }
  const [nonceKey, createNonce] = create("nonce account of the user", NONCE_BYTES, SYSTEM_PROGRAM);
  run(
    [
      createNonce,
      call(SYSTEM_PROGRAM, "initializeNonceAccount", [nonceKey.address, RECENT_BLOCKHASHES, RENT], {
        nonceAuthority: user,
      }),
    ],
    nonceKey,
  );

  const entries = [
    friend,
    ...strangers,
    ...tokenAccounts.map(({ address }) => address),
    ...mints.map(({ address }) => address),
    spare,
    sponsor,
  ];
  const table = keyNamed("table").address;
  const deadTable = keyNamed("dead table").address;
  names.set(table, "table").set(deadTable, "dead table");
  const rentOf = (data: readonly number[]): bigint => chain.svm.minimumBalance(BigInt(data.length));
  const live = tableState(user, entries, 2n ** 64n - 1n);
  const dead = tableState(user, entries, 1n);
  put(table, rentOf(live), ADDRESS_LOOKUP_TABLE_PROGRAM, live);
  put(deadTable, rentOf(dead), ADDRESS_LOOKUP_TABLE_PROGRAM, dead);

  const slot = chain.slot() - 1n;
  const [newTable, bump] = await getProgramDerivedAddress({
    programAddress: ADDRESS_LOOKUP_TABLE_PROGRAM as Address,
    seeds: [bytesOf(user), Uint8Array.from(littleEndian(slot, 8))],
  });
  names.set(newTable, "new table");

  return {
    chain,
    keys: new Map([userKey, friendKey].map((key) => [key.address, key])),
    sponsorKey,
    sponsor,
    spare,
    user,
    friend,
    strangers,
    mints,
    tokenAccounts,
    emptyTokenAccounts,
    multisig: multisigKey.address,
    nonceAccount: nonceKey.address,
    table: { address: table, entries },
    deadTable,
    newTable: { address: newTable, slot, bump },
    ataOf,
    nameOf: (address) => names.get(address) ?? address,
  };
}

const NOTHING: AccountState = {
  lamports: 0n,
  owner: SYSTEM_PROGRAM as Address,
  executable: false,
  data: new Uint8Array(),
};

function isSame(left: AccountState, right: AccountState): boolean {
  return left.lamports === right.lamports && left.owner === right.owner && Buffer.compare(left.data, right.data) === 0;
}

/** Puts accounts back, so that each transaction finds the same scene whatever ran before it. */
export function restore(
  { svm }: Chain,
  accounts: Iterable<readonly [address: string, before: AccountState | null]>,
): void {
  for (const [address, before] of accounts) {
    const now = svm.readAccount(address as Address) ?? NOTHING;
    const then = before ?? NOTHING;
    if (!isSame(now, then)) svm.writeAccount(address as Address, then);
  }
}
