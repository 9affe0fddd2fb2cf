import {
  AccountRole,
  address,
  airdropFactory,
  appendTransactionMessageInstructions,
  blockhash,
  compressTransactionMessageUsingAddressLookupTables,
  createSolanaRpc,
  createSolanaRpcSubscriptions,
  createTransactionMessage,
  generateKeyPairSigner,
  getAddressEncoder,
  getBase64EncodedWireTransaction,
  getProgramDerivedAddress,
  getSignatureFromTransaction,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import type {
  Address,
  Base64EncodedWireTransaction,
  Instruction,
  KeyPairSigner,
  Rpc,
  RpcSubscriptions,
  SolanaRpcApi,
  SolanaRpcSubscriptionsApi,
  Transaction,
} from "@solana/kit";
import { startSolanaLocalnet } from "./server.ts";
import type { SolanaLocalnet, SolanaLocalnetOptions } from "./server.ts";
import { SYSTEM_PROGRAM } from "./svm.ts";
import { TOKEN_PROGRAM } from "./token-accounts.ts";

export const COMPUTE_BUDGET_PROGRAM = address("ComputeBudget111111111111111111111111111111");
export const TABLE_PROGRAM = address("AddressLookupTab1e1111111111111111111111111");
const ATA_PROGRAM = address("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
const NONCE_BYTES = 80;
const MINT_BYTES = 82;

export interface Scene extends AsyncDisposable {
  readonly net: SolanaLocalnet;
  readonly rpc: Rpc<SolanaRpcApi>;
  readonly subscriptions: RpcSubscriptions<SolanaRpcSubscriptionsApi>;
  /** Sends a million lamports to a recipient that only a lookup table names. */
  signWithTable(payer: KeyPairSigner, recipient: Address, table: Address): Promise<Transaction>;
  /** A new key with that many lamports; ten billion when absent. */
  fund(amount?: bigint): Promise<KeyPairSigner>;
}

/** A localnet of its own, where only `chain.warp` moves time, and kit's clients for it. */
export async function openScene(options: SolanaLocalnetOptions = {}): Promise<Scene> {
  const net = await startSolanaLocalnet({ slotMs: 0, ...options });
  return {
    net,
    rpc: createSolanaRpc(net.httpUrl),
    subscriptions: createSolanaRpcSubscriptions(net.websocketUrl),
    async fund(amount = 10_000_000_000n) {
      const signer = await generateKeyPairSigner();
      net.chain.setAccount(signer.address, {
        lamports: amount,
        owner: SYSTEM_PROGRAM,
        executable: false,
        data: new Uint8Array(),
      });
      return signer;
    },
    signWithTable: async (payer, recipient, table) =>
      await signTransactionMessageWithSigners(
        pipe(
          createTransactionMessage({ version: 0 }),
          (message) => setTransactionMessageFeePayerSigner(payer, message),
          (message) => setTransactionMessageLifetimeUsingBlockhash(newestLifetime(net), message),
          (message) => appendTransactionMessageInstructions([transfer(payer, recipient, 1_000_000n)], message),
          (message) => compressTransactionMessageUsingAddressLookupTables(message, { [table]: [recipient] }),
        ),
      ),
    [Symbol.asyncDispose]: () => net.close(),
  };
}

type Lifetime = Parameters<typeof setTransactionMessageLifetimeUsingBlockhash>[0];

export interface SignedTransaction {
  readonly wire: Base64EncodedWireTransaction;
  readonly signature: ReturnType<typeof getSignatureFromTransaction>;
}

/** Signs with every signer the instructions name; the newest confirmed blockhash unless another is given. */
export async function sign(
  { net }: Pick<Scene, "net">,
  payer: KeyPairSigner,
  instructions: readonly Instruction[],
  { version = 0, lifetimeToken }: { version?: 0 | 1 | "legacy"; lifetimeToken?: string } = {},
): Promise<SignedTransaction> {
  const transaction = await signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(newestLifetime(net, lifetimeToken), message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    ),
  );
  return { wire: getBase64EncodedWireTransaction(transaction), signature: getSignatureFromTransaction(transaction) };
}

function newestLifetime(
  { chain }: SolanaLocalnet,
  token = chain.blocks.atOrOldest(chain.slotAt("confirmed")).blockhash,
): Lifetime {
  return { blockhash: blockhash(token), lastValidBlockHeight: chain.blockHeight() + 150n };
}

/** Sends without preflight, so that a failing transaction lands too. */
export async function sendRaw({ rpc }: Pick<Scene, "rpc">, { wire }: SignedTransaction): Promise<string> {
  return await rpc.sendTransaction(wire, { encoding: "base64", skipPreflight: true }).send();
}

export async function callRpc<Result = unknown>(
  net: SolanaLocalnet,
  method: string,
  ...params: unknown[]
): Promise<RawAnswer<Result>> {
  return await postRpc(net, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
}

export interface RawAnswer<Result = unknown> {
  readonly result?: Result;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly id?: unknown;
}

export async function postRpc<Result = unknown>(net: SolanaLocalnet, body: string): Promise<RawAnswer<Result>> {
  const response = await fetch(net.httpUrl, { method: "POST", body });
  return readJson(await response.text());
}

/** Trusted to have the form that the test expects: its assertions fail where it does not. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names the form, it cannot be inferred
export function readJson<Form>(text: string): Form {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return JSON.parse(text) as Form;
}

export function transfer(from: KeyPairSigner, to: Address, amount: bigint): Instruction {
  return {
    programAddress: SYSTEM_PROGRAM,
    accounts: [signerMeta(from), { address: to, role: AccountRole.WRITABLE }],
    data: pack(12, (view) => {
      view.setUint32(0, 2, true);
      view.setBigUint64(4, amount, true);
    }),
  };
}

export function computePrice(microLamports: bigint): Instruction {
  return {
    programAddress: COMPUTE_BUDGET_PROGRAM,
    data: pack(9, (view) => {
      view.setUint8(0, 3);
      view.setBigUint64(1, microLamports, true);
    }),
  };
}

export function computeLimit(units: number): Instruction {
  return {
    programAddress: COMPUTE_BUDGET_PROGRAM,
    data: pack(5, (view) => {
      view.setUint8(0, 2);
      view.setUint32(1, units, true);
    }),
  };
}

function createAccount(
  payer: KeyPairSigner,
  created: KeyPairSigner,
  amount: bigint,
  space: number,
  owner: Address,
): Instruction {
  const data = pack(52, (view) => {
    view.setBigUint64(4, amount, true);
    view.setBigUint64(12, BigInt(space), true);
  });
  data.set(getAddressEncoder().encode(owner), 20);
  return { programAddress: SYSTEM_PROGRAM, accounts: [signerMeta(payer), signerMeta(created)], data };
}

/** A nonce account whose authority is its payer. */
export function createNonce({ net }: Scene, payer: KeyPairSigner, nonce: KeyPairSigner): Instruction[] {
  const data = pack(36, (view) => view.setUint32(0, 6, true));
  data.set(getAddressEncoder().encode(payer.address), 4);
  const initialise: Instruction = {
    programAddress: SYSTEM_PROGRAM,
    accounts: [
      { address: nonce.address, role: AccountRole.WRITABLE },
      { address: address("SysvarRecentB1ockHashes11111111111111111111"), role: AccountRole.READONLY },
      { address: address("SysvarRent111111111111111111111111111111111"), role: AccountRole.READONLY },
    ],
    data,
  };
  const rent = net.chain.svm.minimumBalance(BigInt(NONCE_BYTES));
  return [createAccount(payer, nonce, rent, NONCE_BYTES, SYSTEM_PROGRAM), initialise];
}

export function advanceNonce(authority: KeyPairSigner, nonce: Address): Instruction {
  return {
    programAddress: SYSTEM_PROGRAM,
    accounts: [
      { address: nonce, role: AccountRole.WRITABLE },
      { address: address("SysvarRecentB1ockHashes11111111111111111111"), role: AccountRole.READONLY },
      { ...signerMeta(authority), role: AccountRole.READONLY_SIGNER },
    ],
    data: pack(4, (view) => view.setUint32(0, 4, true)),
  };
}

/** A mint with two decimals, its owner's token account, and 500 base units in it. */
export async function createToken(
  { net }: Scene,
  payer: KeyPairSigner,
  mint: KeyPairSigner,
): Promise<{ instructions: Instruction[]; account: Address }> {
  const initialise = pack(67, (view) => {
    view.setUint8(0, 20);
    view.setUint8(1, 2);
  });
  initialise.set(getAddressEncoder().encode(payer.address), 2);
  const program = address(TOKEN_PROGRAM);
  const account = await findTokenAccount(payer.address, mint.address);
  const rent = net.chain.svm.minimumBalance(BigInt(MINT_BYTES));
  return {
    account,
    instructions: [
      createAccount(payer, mint, rent, MINT_BYTES, program),
      { programAddress: program, accounts: [{ address: mint.address, role: AccountRole.WRITABLE }], data: initialise },
      createTokenAccount(payer, account, payer.address, mint.address),
      {
        programAddress: program,
        accounts: [
          { address: mint.address, role: AccountRole.WRITABLE },
          { address: account, role: AccountRole.WRITABLE },
          signerMeta(payer),
        ],
        data: pack(9, (view) => {
          view.setUint8(0, 7);
          view.setBigUint64(1, 500n, true);
        }),
      },
    ],
  };
}

export function createTokenAccount(payer: KeyPairSigner, account: Address, owner: Address, mint: Address): Instruction {
  return {
    programAddress: ATA_PROGRAM,
    accounts: [
      signerMeta(payer),
      { address: account, role: AccountRole.WRITABLE },
      { address: owner, role: AccountRole.READONLY },
      { address: mint, role: AccountRole.READONLY },
      { address: SYSTEM_PROGRAM, role: AccountRole.READONLY },
      { address: address(TOKEN_PROGRAM), role: AccountRole.READONLY },
    ],
    data: new Uint8Array(),
  };
}

export async function findTokenAccount(owner: Address, mint: Address): Promise<Address> {
  const encoder = getAddressEncoder();
  const seeds = [encoder.encode(owner), encoder.encode(address(TOKEN_PROGRAM)), encoder.encode(mint)];
  const [account] = await getProgramDerivedAddress({ programAddress: ATA_PROGRAM, seeds });
  return account;
}

export function transferTokens(owner: KeyPairSigner, from: Address, to: Address, amount: bigint): Instruction {
  return {
    programAddress: address(TOKEN_PROGRAM),
    accounts: [
      { address: from, role: AccountRole.WRITABLE },
      { address: to, role: AccountRole.WRITABLE },
      { ...signerMeta(owner), role: AccountRole.READONLY_SIGNER },
    ],
    data: pack(9, (view) => {
      view.setUint8(0, 3);
      view.setBigUint64(1, amount, true);
    }),
  };
}

export function closeTokenAccount(owner: KeyPairSigner, account: Address): Instruction {
  return {
    programAddress: address(TOKEN_PROGRAM),
    accounts: [
      { address: account, role: AccountRole.WRITABLE },
      { address: owner.address, role: AccountRole.WRITABLE },
      { ...signerMeta(owner), role: AccountRole.READONLY_SIGNER },
    ],
    data: new Uint8Array([9]),
  };
}

/** Creates a lookup table at `slot` that holds the given keys. */
export async function createLookupTable(
  payer: KeyPairSigner,
  slot: bigint,
  keys: readonly Address[],
): Promise<{ instructions: Instruction[]; table: Address }> {
  const encoder = getAddressEncoder();
  const slotBytes = pack(8, (view) => view.setBigUint64(0, slot, true));
  const seeds = [encoder.encode(payer.address), slotBytes];
  const [table, bump] = await getProgramDerivedAddress({ programAddress: TABLE_PROGRAM, seeds });
  const create = pack(13, (view) => {
    view.setBigUint64(4, slot, true);
    view.setUint8(12, bump);
  });
  const extend = pack(12 + keys.length * 32, (view) => {
    view.setUint32(0, 2, true);
    view.setBigUint64(4, BigInt(keys.length), true);
  });
  for (const [index, key] of keys.entries()) extend.set(encoder.encode(key), 12 + index * 32);
  const accounts = [
    { address: table, role: AccountRole.WRITABLE },
    { ...signerMeta(payer), role: AccountRole.READONLY_SIGNER },
    signerMeta(payer),
    { address: SYSTEM_PROGRAM, role: AccountRole.READONLY },
  ];
  return {
    table,
    instructions: [
      { programAddress: TABLE_PROGRAM, accounts, data: create },
      { programAddress: TABLE_PROGRAM, accounts, data: extend },
    ],
  };
}

export function airdropper({ rpc, subscriptions }: Scene): ReturnType<typeof airdropFactory> {
  return airdropFactory({ rpc, rpcSubscriptions: subscriptions });
}

function signerMeta(signer: KeyPairSigner): {
  address: Address;
  role: AccountRole.WRITABLE_SIGNER;
  signer: KeyPairSigner;
} {
  return { address: signer.address, role: AccountRole.WRITABLE_SIGNER, signer };
}

function pack(size: number, write: (view: DataView) => void): Uint8Array {
  const data = new Uint8Array(size);
  write(new DataView(data.buffer));
  return data;
}
