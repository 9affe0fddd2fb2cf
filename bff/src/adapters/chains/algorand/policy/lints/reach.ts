import { omit } from "../../../../../domain/policy/lints/fixes.ts";
import { type AlgorandLint, eachCall, eachEntry, predicateOf, removeEntry, replaceEntry } from "./lint-entries.ts";

const openPayment: AlgorandLint = {
  name: "payment-of-anything",
  find: eachEntry((entry, pointer) =>
    entry.transaction === "payment" && !predicateOf(entry, "receiver") && !predicateOf(entry, "amount")
      ? [
          {
            severity: "warning",
            pointer,
            message: "Any payment of any user is sponsored, whatever it is for.",
            fix: { description: "Name receivers, bound the amount, or remove the entry.", apply: removeEntry(entry) },
          },
        ]
      : [],
  ),
};

const anySender: AlgorandLint = {
  name: "sender-is-anybody",
  find: eachEntry((entry, pointer) =>
    entry.anySender === true && !predicateOf(entry, "sender")
      ? [
          {
            severity: "warning",
            pointer: `${pointer}/anySender`,
            message: "Transactions of others than the signed-in user are sponsored as well.",
            fix: {
              description: "Take `anySender` away, or say in `arguments` who `sender` may be.",
              apply: replaceEntry(entry, (old) => omit(old, "anySender") as typeof entry),
            },
          },
        ]
      : [],
  ),
};

const closing: AlgorandLint = {
  name: "balance-is-closed",
  find: eachEntry((entry, pointer) => {
    if (!("allowClose" in entry) || entry.allowClose !== true) return [];
    if (predicateOf(entry, entry.transaction === "payment" ? "closeRemainderTo" : "closeTo")) return [];
    return [
      {
        severity: "warning",
        pointer: `${pointer}/allowClose`,
        message: "Users can be led to sign all of a balance away: it goes to whatever address the transaction names.",
        fix: {
          description: "Take `allowClose` away, or say in `arguments` where the rest may go.",
          apply: replaceEntry(entry, (old) => omit(old, "allowClose") as typeof entry),
        },
      },
    ];
  }),
};

const rekeying: AlgorandLint = {
  name: "account-is-rekeyed",
  find: eachEntry((entry, pointer) =>
    entry.allowRekey === true && !predicateOf(entry, "rekeyTo")
      ? [
          {
            severity: "warning",
            pointer: `${pointer}/allowRekey`,
            message: "Users can be led to sign their account away: whoever holds the new key has all of it.",
            fix: {
              description: "Take `allowRekey` away, or say in `arguments` what `rekeyTo` may be.",
              apply: replaceEntry(entry, (old) => omit(old, "allowRekey") as typeof entry),
            },
          },
        ]
      : [],
  ),
};

const deleting: AlgorandLint = {
  name: "application-is-deleted",
  find: eachCall((entry, pointer) => {
    const { onComplete = [] } = entry;
    if (!onComplete.includes("delete-application")) return [];
    const others = onComplete.filter((name) => name !== "delete-application");
    return [
      {
        severity: "warning",
        pointer: `${pointer}/onComplete`,
        message: "Deleting the application is sponsored for every user whom its program lets do it.",
        fix: {
          description: "Take delete-application away: whoever maintains the application pays for that.",
          apply: replaceEntry(entry, (old) =>
            others.length > 0 ? { ...old, onComplete: others } : (omit(old, "onComplete") as typeof entry),
          ),
        },
      },
    ];
  }),
};

/** What reaches further than its author may think. */
export const reachLints: readonly AlgorandLint[] = [openPayment, anySender, closing, rekeying, deleting];
