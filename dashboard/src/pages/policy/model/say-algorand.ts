import { formatAmount } from "../../../format/amounts.ts";
import { isObject, type Json, pointerOf } from "./pointer.ts";
import { type SayNumber, sayPredicate } from "./say-predicate.ts";
import { listWords, type Statement, value, type Words } from "./words.ts";

const list = (given: unknown): readonly unknown[] => (Array.isArray(given) ? (given as unknown[]) : []);

/** What the kinds of transactions are called. */
export const KIND_LABELS: Readonly<Record<string, string>> = {
  payment: "Payment",
  "asset-transfer": "Asset transfer",
  "asset-opt-in": "Asset opt-in",
  "asset-opt-out": "Asset opt-out",
  "application-call": "Application call",
};

function headOf({ transaction, application, methods, bare, onComplete }: Json): Words {
  const kind = typeof transaction === "string" ? transaction : "";
  const label = KIND_LABELS[kind] ?? (kind || "Something unreadable");
  if (kind !== "application-call") return [label];
  const called = list(methods).map(String);
  const ways: readonly Words[] = [
    ...(called.length > 0 ? [["by ", { values: called }] satisfies Words] : []),
    ...(bare === true ? [["without arguments"]] : []),
  ];
  const completions = list(onComplete).map(String);
  return [
    `${label} to `,
    value(String(application)),
    " ",
    ...(ways.length === 0 ? ["by no method at all"] : listWords(ways, "or")),
    ...(completions.length > 0
      ? [
          ", completing with ",
          ...listWords(
            completions.map((each) => [value(each)]),
            "or",
          ),
        ]
      : []),
  ];
}

function liberties({ anySender, allowClose, allowRekey }: Json): readonly Words[] {
  return [
    ...(anySender === true ? [["others who sign may send it too"]] : []),
    ...(allowClose === true ? [["it may close the sender's balance"]] : []),
    ...(allowRekey === true ? [["it may hand the account to another key"]] : []),
  ];
}

/** An entry of the allowlist in one sentence: "Asset transfer, when asset is 31566704". */
export function sayTransaction(entry: unknown, network: string): Words {
  if (!isObject(entry)) return ["An entry that cannot be read"];
  const isPayment = entry["transaction"] === "payment";
  const sayNumber = (name: string): SayNumber | undefined => {
    if (isPayment && name === "amount") return (digits) => formatAmount(network, digits);
    // A number that names something is no amount.
    return name === "asset" ? (digits) => digits : undefined;
  };
  const conditions = Object.entries(isObject(entry["arguments"]) ? entry["arguments"] : {}).map(
    ([name, predicate]): Words => [value(name), " ", ...sayPredicate(predicate, sayNumber(name))],
  );
  const free = liberties(entry);
  return [
    ...headOf(entry),
    ...(conditions.length > 0 ? [", when ", ...listWords(conditions)] : []),
    ...(free.length > 0 ? ["; ", ...listWords(free)] : []),
  ];
}

/** What a policy of Algorand allows. */
export const sayAlgorand = (document: Json, network: string): readonly Statement[] =>
  list(document["allow"]).map((entry, index): Statement => ({
    section: "allow",
    pointer: pointerOf(["allow", index]),
    words: sayTransaction(entry, network),
  }));
