import { base64 } from "@scure/base";
import { MAX_BASE58_BYTES, describeAccount, readEncoding } from "./account-encoding.ts";
import type { AccountEncoding } from "./account-encoding.ts";
import { isReached } from "./chain.ts";
import type { Chain, Commitment } from "./chain.ts";
import type { LandedTransaction } from "./history.ts";
import { isRecord } from "./json.ts";
import type { Json } from "./json.ts";
import { readFilters } from "./methods/accounts.ts";
import { readAddress, readCommitment, readConfig, readList, readSignature, withContext } from "./params.ts";
import type { Params } from "./params.ts";
import { invalidParams } from "./rpc-error.ts";
import type { AccountState, Svm } from "./svm.ts";

/** One client's interest in something; `notify` is called with each result. */
export interface Subscription {
  readonly kind: SubscriptionKind;
  /** At each slot. */
  readonly onSlot?: () => void;
  /** For each transaction when it reaches the commitment asked for. */
  readonly onTransaction?: { readonly commitment: Commitment; readonly receive: (landed: LandedTransaction) => void };
}

export const SUBSCRIPTION_KINDS = ["slot", "root", "signature", "account", "logs", "program"] as const;

export type SubscriptionKind = (typeof SUBSCRIPTION_KINDS)[number];

interface Listening {
  readonly chain: Chain;
  readonly isHidden: (signature: string) => boolean;
  readonly notify: (result: Json) => void;
  readonly unsubscribe: () => void;
}

type CreateSubscription = (params: Params, listening: Listening) => Subscription;

export const SUBSCRIPTIONS: Readonly<Record<SubscriptionKind, CreateSubscription>> = {
  slot: (_params, { chain, notify }) => ({
    kind: "slot",
    onSlot() {
      const slot = chain.slot();
      notify({ slot, parent: slot - 1n, root: chain.slotAt("finalized") });
    },
  }),

  root: (_params, { chain, notify }) => {
    let root = chain.slotAt("finalized");
    return {
      kind: "root",
      onSlot() {
        if (chain.slotAt("finalized") === root) return;
        root = chain.slotAt("finalized");
        notify(root);
      },
    };
  },

  signature: ([value, options], { chain, isHidden, notify, unsubscribe }) => {
    const signature = readSignature(value);
    const commitment = readCommitment(readConfig(options)["commitment"]);
    // Looked up at each slot, not only on landing: it may have landed before the subscription.
    const check = (): void => {
      const landed = chain.history.get(signature);
      if (landed === undefined || isHidden(signature) || !isReached(chain, landed.slot, commitment)) return;
      unsubscribe();
      notify(withContext(landed.slot, { err: landed.error }));
    };
    return { kind: "signature", onSlot: check, onTransaction: { commitment: "processed", receive: check } };
  },

  account: ([value, options], { chain, notify }) => {
    const address = readAddress(value);
    const config = readConfig(options);
    const encoding = readEncoding(config["encoding"]);
    return {
      kind: "account",
      onTransaction: {
        commitment: readCommitment(config["commitment"]),
        receive({ slot, details }) {
          if (details?.keys.includes(address) !== true) return;
          const account = chain.svm.readAccount(address);
          notify(withContext(slot, account === null ? EMPTY_ACCOUNT : describeChange(chain.svm, account, encoding)));
        },
      },
    };
  },

  program: ([value, options], { chain, notify }) => {
    const program = readAddress(value);
    const config = readConfig(options);
    const encoding = readEncoding(config["encoding"]);
    const passes = readFilters(config["filters"]);
    return {
      kind: "program",
      onTransaction: {
        commitment: readCommitment(config["commitment"]),
        receive({ slot, details }) {
          for (const pubkey of details?.keys ?? []) {
            const account = chain.svm.readAccount(pubkey);
            if (account === null || account.owner !== program || !passes(account)) continue;
            notify(withContext(slot, { pubkey, account: describeChange(chain.svm, account, encoding) }));
          }
        },
      },
    };
  },

  logs: ([filter, options], { notify }) => {
    const isWanted = readLogsFilter(filter);
    return {
      kind: "logs",
      onTransaction: {
        commitment: readCommitment(readConfig(options)["commitment"]),
        receive(landed) {
          if (!isWanted(landed)) return;
          const logs = landed.details?.meta["logMessages"] ?? [];
          notify(withContext(landed.slot, { signature: landed.signature, err: landed.error, logs }));
        },
      },
    };
  },
};

/** What Agave gives for an account that was closed. */
const EMPTY_ACCOUNT: Json = {
  lamports: 0,
  owner: "11111111111111111111111111111111",
  executable: false,
  rentEpoch: 0,
  space: 0,
  data: [base64.encode(new Uint8Array()), "base64"],
};

/** Too large for base58 becomes base64: nobody is there to be told that the encoding asked for does not fit. */
function describeChange(svm: Svm, account: AccountState, encoding: AccountEncoding): Json {
  const isTooLarge = encoding !== "jsonParsed" && account.data.length > MAX_BASE58_BYTES;
  return describeAccount(svm, account, isTooLarge ? "base64" : encoding);
}

function readLogsFilter(filter: unknown): (landed: LandedTransaction) => boolean {
  if (filter === "all" || filter === "allWithVotes") return () => true;
  if (!isRecord(filter)) throw invalidParams("Invalid param: logs are filtered by all or mentions");
  const [address] = readList(filter["mentions"], "mentions", 1).map((value) => readAddress(value));
  if (address === undefined) throw invalidParams("Invalid param: mentions needs one address");
  return ({ details }) => details?.keys.includes(address) === true;
}
