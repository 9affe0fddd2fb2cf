import { base58, base64 } from "@scure/base";
import { isRecord } from "./json.ts";
import type { Json } from "./json.ts";
import type { Config } from "./params.ts";
import { invalidParams } from "./rpc-error.ts";
import type { AccountState, Svm } from "./svm.ts";
import { TOKEN_PROGRAM, describeAmount, readMint, readTokenAccount } from "./token-accounts.ts";

/** Agave encodes no more than this in base58. */
export const MAX_BASE58_BYTES = 128;
const RENT_EPOCH_EXEMPT = 2n ** 64n - 1n;

export type AccountEncoding = "base58" | "base64" | "jsonParsed" | "binary";

export function readEncoding(value: unknown, fallback: AccountEncoding = "binary"): AccountEncoding {
  if (value === undefined || value === null) return fallback;
  if (value === "base64+zstd") throw invalidParams("base64+zstd is not supported by this localnet: ask for base64");
  if (value === "base58" || value === "base64" || value === "jsonParsed" || value === "binary") return value;
  throw invalidParams("Invalid param: unknown encoding");
}

export function describeAccount(
  svm: Svm,
  account: AccountState | null,
  encoding: AccountEncoding,
  dataSlice?: unknown,
): Json {
  if (account === null) return null;
  return {
    lamports: account.lamports,
    owner: account.owner,
    executable: account.executable,
    rentEpoch: RENT_EPOCH_EXEMPT,
    space: account.data.length,
    data: describeData(svm, account, encoding, dataSlice),
  };
}

/** The `encoding` and `dataSlice` of a method's configuration, applied. */
export function describeAccountAs(svm: Svm, account: AccountState | null, config: Config): Json {
  return describeAccount(svm, account, readEncoding(config["encoding"]), config["dataSlice"]);
}

function describeData(svm: Svm, account: AccountState, encoding: AccountEncoding, dataSlice: unknown): Json {
  if (encoding === "jsonParsed") {
    const parsed = parseData(svm, account);
    if (parsed !== null) return parsed;
    return [base64.encode(account.data), "base64"];
  }
  const data = slice(account.data, dataSlice);
  if (encoding === "base64") return [base64.encode(data), "base64"];
  if (data.length > MAX_BASE58_BYTES) {
    throw invalidParams("Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.");
  }
  return encoding === "base58" ? [base58.encode(data), "base58"] : base58.encode(data);
}

function slice(data: Uint8Array, dataSlice: unknown): Uint8Array {
  if (dataSlice === undefined || dataSlice === null) return data;
  const isValid = isRecord(dataSlice) && isCount(dataSlice["offset"]) && isCount(dataSlice["length"]);
  if (!isValid) throw invalidParams("Invalid param: dataSlice needs offset and length");
  const offset = Number(dataSlice["offset"]);
  return data.subarray(offset, offset + Number(dataSlice["length"]));
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Token accounts and mints, without Token-2022's extensions. */
function parseData(svm: Svm, account: AccountState): Json {
  const parsed = parseToken(svm, account) ?? parseMint(account);
  if (parsed === null) return null;
  const program = account.owner === TOKEN_PROGRAM ? "spl-token" : "spl-token-2022";
  return { program, parsed, space: account.data.length };
}

function parseToken(svm: Svm, account: AccountState): Json {
  const token = readTokenAccount(account);
  const mintAccount = token === null ? null : svm.readAccount(token.mint);
  const mint = mintAccount === null ? null : readMint(mintAccount);
  if (token === null || mint === null) return null;
  return {
    type: "account",
    info: {
      isNative: token.rentExemptReserve !== null,
      mint: token.mint,
      owner: token.owner,
      state: token.state,
      tokenAmount: describeAmount(token.amount, mint.decimals),
      ...(token.delegate === null
        ? {}
        : { delegate: token.delegate, delegatedAmount: describeAmount(token.delegatedAmount, mint.decimals) }),
      ...(token.rentExemptReserve === null
        ? {}
        : { rentExemptReserve: describeAmount(token.rentExemptReserve, mint.decimals) }),
      ...(token.closeAuthority === null ? {} : { closeAuthority: token.closeAuthority }),
    },
  };
}

function parseMint(account: AccountState): Json {
  const mint = readMint(account);
  if (mint === null) return null;
  return {
    type: "mint",
    info: {
      decimals: mint.decimals,
      freezeAuthority: mint.freezeAuthority,
      isInitialized: mint.isInitialized,
      mintAuthority: mint.mintAuthority,
      supply: mint.supply.toString(),
    },
  };
}
