import { base58, base64 } from "@scure/base";
import { describeAccountAs } from "../account-encoding.ts";
import { isRecord } from "../json.ts";
import {
  MAX_ACCOUNTS,
  readAddress,
  readCommitment,
  readConfig,
  readContextSlot,
  readFlag,
  readList,
  readUnsigned,
  withContext,
} from "../params.ts";
import type { Method } from "../rpc.ts";
import { invalidParams } from "../rpc-error.ts";
import type { AccountState } from "../svm.ts";

const MAX_FILTERS = 4;
const MAX_MEMCMP_BYTES = 128;
const MAX_SPACE = 10n * 1024n * 1024n;

/** Whether an account passes all filters of getProgramAccounts or programSubscribe. */
export type AccountFilter = (account: AccountState) => boolean;

export const ACCOUNT_METHODS: Readonly<Record<string, Method>> = {
  getBalance([address, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const account = chain.readAccount(readAddress(address), readCommitment(config["commitment"]));
    return withContext(slot, account?.lamports ?? 0n);
  },

  getAccountInfo([address, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const account = chain.readAccount(readAddress(address), readCommitment(config["commitment"]));
    return withContext(slot, describeAccountAs(chain.svm, account, config));
  },

  getMultipleAccounts([addresses, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const commitment = readCommitment(config["commitment"]);
    const keys = readList(addresses, "addresses", MAX_ACCOUNTS).map((address) => readAddress(address));
    return withContext(
      slot,
      keys.map((key) => describeAccountAs(chain.svm, chain.readAccount(key, commitment), config)),
    );
  },

  getProgramAccounts([program, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const passes = readFilters(config["filters"]);
    const accounts = chain.svm
      .programAccounts(readAddress(program))
      .filter(([, account]) => passes(account))
      .map(([pubkey, account]) => ({ pubkey, account: describeAccountAs(chain.svm, account, config) }));
    return readFlag(config, "withContext") ? withContext(slot, accounts) : accounts;
  },

  getMinimumBalanceForRentExemption([space], { chain }) {
    const bytes = readUnsigned(space, "space");
    if (bytes > MAX_SPACE) throw invalidParams("Invalid param: an account holds at most 10 MiB");
    return chain.svm.minimumBalance(bytes);
  },
};

export function readFilters(value: unknown): AccountFilter {
  if (value === undefined || value === null) return () => true;
  const filters = readList(value, "filters", MAX_FILTERS).map((filter) => readFilter(filter));
  return (account) => filters.every((passes) => passes(account));
}

function readFilter(filter: unknown): AccountFilter {
  if (!isRecord(filter)) throw invalidParams("Invalid param: a filter must be an object");
  if ("dataSize" in filter) {
    const size = Number(readUnsigned(filter["dataSize"], "dataSize"));
    return ({ data }) => data.length === size;
  }
  const memcmp = filter["memcmp"];
  if (!isRecord(memcmp)) throw invalidParams("Invalid param: a filter is dataSize or memcmp");
  const offset = Number(readUnsigned(memcmp["offset"] ?? 0, "offset"));
  const bytes = readBytes(memcmp["bytes"], memcmp["encoding"]);
  return ({ data }) => bytes.every((byte, index) => data[offset + index] === byte);
}

function readBytes(text: unknown, encoding: unknown): Uint8Array {
  if (typeof text !== "string") throw invalidParams("Invalid param: memcmp needs bytes");
  let bytes: Uint8Array;
  try {
    bytes = encoding === "base64" ? base64.decode(text) : base58.decode(text);
  } catch {
    throw invalidParams("Invalid param: memcmp bytes cannot be decoded");
  }
  if (bytes.length > MAX_MEMCMP_BYTES) throw invalidParams("Invalid param: memcmp data too large");
  return bytes;
}
