import type { FailedTransactionMetadata } from "litesvm";
import { isRecord } from "./json.ts";
import type { Json } from "./json.ts";

/** Agave's JSON form of a TransactionError: a name, or an object with one name as key. */
export type TransactionErrorJson = string | { readonly [name: string]: Json };

// The binding gives the enum's number only. Source: litesvm 1.4.1, TransactionErrorFieldless.
const TRANSACTION_ERRORS = [
  "AccountInUse",
  "AccountLoadedTwice",
  "AccountNotFound",
  "ProgramAccountNotFound",
  "InsufficientFundsForFee",
  "InvalidAccountForFee",
  "AlreadyProcessed",
  "BlockhashNotFound",
  "CallChainTooDeep",
  "MissingSignatureForFee",
  "InvalidAccountIndex",
  "SignatureFailure",
  "InvalidProgramForExecution",
  "SanitizeFailure",
  "ClusterMaintenance",
  "AccountBorrowOutstanding",
  "WouldExceedMaxBlockCostLimit",
  "UnsupportedVersion",
  "InvalidWritableAccount",
  "WouldExceedMaxAccountCostLimit",
  "WouldExceedAccountDataBlockLimit",
  "TooManyAccountLocks",
  "AddressLookupTableNotFound",
  "InvalidAddressLookupTableOwner",
  "InvalidAddressLookupTableData",
  "InvalidAddressLookupTableIndex",
  "InvalidRentPayingAccount",
  "WouldExceedMaxVoteCostLimit",
  "WouldExceedAccountDataTotalLimit",
  "MaxLoadedAccountsDataSizeExceeded",
  "ResanitizationNeeded",
  "InvalidLoadedAccountsDataSizeLimit",
  "UnbalancedTransaction",
  "ProgramCacheHitMaxLimit",
  "CommitCancelled",
] as const;

// Source: litesvm 1.4.1, InstructionErrorFieldless.
const INSTRUCTION_ERRORS = [
  "GenericError",
  "InvalidArgument",
  "InvalidInstructionData",
  "InvalidAccountData",
  "AccountDataTooSmall",
  "InsufficientFunds",
  "IncorrectProgramId",
  "MissingRequiredSignature",
  "AccountAlreadyInitialized",
  "UninitializedAccount",
  "UnbalancedInstruction",
  "ModifiedProgramId",
  "ExternalAccountLamportSpend",
  "ExternalAccountDataModified",
  "ReadonlyLamportChange",
  "ReadonlyDataModified",
  "DuplicateAccountIndex",
  "ExecutableModified",
  "RentEpochModified",
  "NotEnoughAccountKeys",
  "AccountDataSizeChanged",
  "AccountNotExecutable",
  "AccountBorrowFailed",
  "AccountBorrowOutstanding",
  "DuplicateAccountOutOfSync",
  "InvalidError",
  "ExecutableDataModified",
  "ExecutableLamportChange",
  "ExecutableAccountNotRentExempt",
  "UnsupportedProgramId",
  "CallDepth",
  "MissingAccount",
  "ReentrancyNotAllowed",
  "MaxSeedLengthExceeded",
  "InvalidSeeds",
  "InvalidRealloc",
  "ComputationalBudgetExceeded",
  "PrivilegeEscalation",
  "ProgramEnvironmentSetupFailure",
  "ProgramFailedToComplete",
  "ProgramFailedToCompile",
  "Immutable",
  "IncorrectAuthority",
  "AccountNotRentExempt",
  "InvalidAccountOwner",
  "ArithmeticOverflow",
  "UnsupportedSysvar",
  "IllegalOwner",
  "MaxAccountsDataAllocationsExceeded",
  "MaxAccountsExceeded",
  "MaxInstructionTraceLengthExceeded",
  "BuiltinProgramsMustConsumeComputeUnits",
  "BorshIoError",
] as const;

/** Failures after the fee payer was charged: the transaction is in the block, without effects. */
const FEES_ONLY = new Set([
  "ProgramAccountNotFound",
  "InvalidProgramForExecution",
  "MaxLoadedAccountsDataSizeExceeded",
]);

export function describeFailure(failure: FailedTransactionMetadata): TransactionErrorJson {
  const error = failure.err();
  if (typeof error === "number") return nameAt(TRANSACTION_ERRORS, error);
  if ("err" in error) {
    const cause = error.err();
    if (typeof cause === "number") return { InstructionError: [error.index, nameAt(INSTRUCTION_ERRORS, cause)] };
    return { InstructionError: [error.index, "code" in cause ? { Custom: cause.code } : "BorshIoError"] };
  }
  // The binding's classes carry no tag, and bundlers cannot rename a native class: the name is the tag.
  switch (error.constructor.name) {
    case "TransactionErrorInsufficientFundsForRent":
      return { InsufficientFundsForRent: { account_index: accountIndexOf(error) } };
    case "TransactionErrorProgramExecutionTemporarilyRestricted":
      return { ProgramExecutionTemporarilyRestricted: { account_index: accountIndexOf(error) } };
    default:
      return { DuplicateInstruction: "index" in error ? error.index : 0 };
  }
}

/** Whether a failure is charged, as opposed to one that never reaches a block. */
export function isCharged(error: TransactionErrorJson): boolean {
  return typeof error !== "string" || FEES_ONLY.has(error);
}

const MESSAGES: Readonly<Record<string, string>> = {
  AccountNotFound: "Attempt to debit an account but found no record of a prior credit.",
  AlreadyProcessed: "This transaction has already been processed",
  ProgramAccountNotFound: "Attempt to load a program that does not exist",
  InvalidProgramForExecution: "This program may not be used for executing instructions",
};

/** The sentence Agave puts into a preflight error. */
export function messageOf(error: TransactionErrorJson): string {
  if (typeof error === "string") return MESSAGES[error] ?? sentenceOf(error);
  const [name = "", detail] = Object.entries(error)[0] ?? [];
  if (name !== "InstructionError" || !Array.isArray(detail)) return sentenceOf(name);
  const [index, cause]: readonly unknown[] = detail;
  return `Error processing Instruction ${Number(index)}: ${describeCause(cause)}`;
}

function describeCause(cause: unknown): string {
  if (isRecord(cause)) return `custom program error: 0x${Number(cause["Custom"]).toString(16)}`;
  return sentenceOf(String(cause));
}

function sentenceOf(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function nameAt(names: readonly string[], number: number): string {
  const name = names[number];
  if (name === undefined) throw new Error(`litesvm gave error number ${number}, which the table does not know`);
  return name;
}

function accountIndexOf(error: object): number {
  return "accountIndex" in error && typeof error.accountIndex === "number" ? error.accountIndex : 0;
}
