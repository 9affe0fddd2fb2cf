import { address, getAddressDecoder, getAddressEncoder } from "@solana/kit";
import type { Address } from "@solana/kit";
// The class below litesvm's wrapper takes wire bytes and key bytes: no decoding and encoding again on every call.
import { Account, FailedTransactionMetadata, LiteSvm } from "litesvm/dist/internal.js";
import type { TransactionMetadata } from "litesvm/dist/internal.js";
import { describeFailure } from "./transaction-errors.ts";
import type { TransactionErrorJson } from "./transaction-errors.ts";

export const SYSTEM_PROGRAM = address("11111111111111111111111111111111");
const MEMO_PROGRAM = address("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
const NEWEST_MEMO_PROGRAM = address("Memo4c2pN8afCj432Lb7RMVKi9PbQnnW7ewFFaV3oAH");

export interface AccountState {
  readonly lamports: bigint;
  readonly owner: Address;
  readonly executable: boolean;
  readonly data: Uint8Array;
}

export interface InnerInstruction {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: Uint8Array;
  readonly stackHeight: number;
}

export interface Outcome {
  readonly error: TransactionErrorJson | null;
  readonly logs: readonly string[];
  readonly unitsConsumed: bigint;
  readonly returnData: { readonly programId: Address; readonly data: Uint8Array } | null;
  /** One list per top-level instruction. */
  readonly innerInstructions: readonly (readonly InnerInstruction[])[];
}

export interface Simulation extends Outcome {
  /** Writable accounts as the transaction leaves them; empty when it failed. */
  readonly changed: ReadonlyMap<Address, AccountState | null>;
}

/** The virtual machine, spoken to in addresses and wire bytes. Wire bytes must come from `decodeTransaction`. */
export interface Svm {
  readAccount(address: Address): AccountState | null;
  writeAccount(address: Address, account: AccountState): void;
  programAccounts(program: Address): [Address, AccountState][];
  minimumBalance(dataLength: bigint): bigint;
  setTime(slot: bigint, unixSeconds: bigint, epoch: bigint): void;
  setSlotHashes(hashes: { slot: bigint; hash: string }[]): void;
  simulate(wire: Uint8Array, verifySignatures: boolean): Simulation;
  execute(wire: Uint8Array): Outcome;
}

const addressEncoder = getAddressEncoder();
const addressDecoder = getAddressDecoder();
const MAX_CACHED_KEYS = 20_000;

/**
 * The memo program's newest address is not among LiteSVM's programs. Its code is the same to a caller as that at the
 * address before, which is loaded here a second time.
 */
function addNewestMemo(svm: LiteSvm): void {
  const known = svm.getAccount(keyBytes(MEMO_PROGRAM));
  if (known) svm.addProgram(keyBytes(NEWEST_MEMO_PROGRAM), known.data());
}

export function createSvm(): Svm {
  const svm = new LiteSvm();
  // Blockhash age, duplicates and history are the chain's: LiteSVM knows one blockhash only.
  svm.setBlockhashCheck(false);
  svm.setTransactionHistory(0n);
  addNewestMemo(svm);

  return {
    readAccount: (address) => toState(svm.getAccount(keyBytes(address))),
    writeAccount(address, { lamports, data, owner, executable }) {
      svm.setAccount(keyBytes(address), new Account(lamports, data, keyBytes(owner), executable, 2n ** 64n - 1n));
    },
    programAccounts: (program) =>
      svm.getProgramAccounts(keyBytes(program)).flatMap((entry) => {
        const state = toState(entry.account());
        return state === null ? [] : [[addressDecoder.decode(entry.address), state] as [Address, AccountState]];
      }),
    minimumBalance: (dataLength) => svm.minimumBalanceForRentExemption(dataLength),
    setTime(slot, unixSeconds, epoch) {
      const clock = svm.getClock();
      clock.slot = slot;
      clock.unixTimestamp = unixSeconds;
      clock.epoch = epoch;
      clock.leaderScheduleEpoch = epoch + 1n;
      svm.setClock(clock);
    },
    setSlotHashes: (hashes) => svm.setSlotHashes(hashes),
    simulate(wire, verifySignatures) {
      svm.setSigverify(verifySignatures);
      const result = svm.simulateVersionedTransaction(wire);
      if (result instanceof FailedTransactionMetadata) return { ...toFailure(result), changed: new Map() };
      const changed = result
        .postAccounts()
        .map((entry) => [addressDecoder.decode(entry.address), toState(entry.account())] as const);
      return { ...toOutcome(result.meta()), error: null, changed: new Map(changed) };
    },
    execute(wire) {
      svm.setSigverify(true);
      const result = svm.sendVersionedTransaction(wire);
      return result instanceof FailedTransactionMetadata ? toFailure(result) : { ...toOutcome(result), error: null };
    },
  };
}

function toFailure(failure: FailedTransactionMetadata): Outcome {
  return { ...toOutcome(failure.meta()), error: describeFailure(failure) };
}

function toOutcome(meta: TransactionMetadata): Omit<Outcome, "error"> {
  const returned = meta.returnData();
  const data = returned.data();
  return {
    logs: meta.logs(),
    unitsConsumed: meta.computeUnitsConsumed(),
    returnData: data.length === 0 ? null : { programId: addressDecoder.decode(returned.programId()), data },
    innerInstructions: meta.innerInstructions().map((list) =>
      list.map((inner) => {
        const instruction = inner.instruction();
        return {
          programIdIndex: instruction.programIdIndex(),
          accounts: [...instruction.accounts()],
          data: instruction.data(),
          stackHeight: inner.stackHeight(),
        };
      }),
    ),
  };
}

/** An account without lamports does not exist. */
function toState(account: Account | null): AccountState | null {
  if (account === null || account.lamports() === 0n) return null;
  let data: Uint8Array | undefined;
  return {
    lamports: account.lamports(),
    owner: ownerAddress(account.owner()),
    executable: account.executable(),
    // Copied out on first use: most callers ask for the lamports only, and programs are large.
    get data() {
      data ??= account.data();
      return data;
    },
  };
}

function ownerAddress(owner: Uint8Array): Address {
  return owner.every((byte) => byte === 0) ? SYSTEM_PROGRAM : addressDecoder.decode(owner);
}

const cachedKeys = new Map<Address, Uint8Array>();

// Base58 of keys is most of the work per call, and the same few keys come again and again.
function keyBytes(address: Address): Uint8Array {
  const cached = cachedKeys.get(address);
  if (cached !== undefined) return cached;
  const bytes = new Uint8Array(addressEncoder.encode(address));
  if (cachedKeys.size >= MAX_CACHED_KEYS) cachedKeys.clear();
  cachedKeys.set(address, bytes);
  return bytes;
}
