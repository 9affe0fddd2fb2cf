import { unfit } from "../../../../../domain/policy/lints/unfit.ts";
import type { FieldType } from "../../../../../domain/policy/programs/shape.ts";
import { isAbiType, parseMethod } from "../abi.ts";
import type { AllowedTransaction } from "../compile.ts";
import {
  type AlgorandFinding,
  type AlgorandLint,
  type AllowedCall,
  eachCall,
  eachEntry,
  predicateOf,
  removeEntry,
  set,
} from "./lint-entries.ts";

const nothingAllowed: AlgorandLint = {
  name: "nothing-allowed",
  find: ({ allow }) =>
    allow.length > 0
      ? []
      : [
          {
            severity: "warning",
            pointer: "/allow",
            message: "Nothing is allowed, so every transaction is refused.",
            fix: {
              description: "Allow what the dapp does; a payment of nothing is the least of it.",
              apply: set({ allow: [{ transaction: "payment", arguments: { amount: { eq: "0" } } }] }),
            },
          },
        ],
};

const emptyCall: AlgorandLint = {
  name: "call-of-nothing",
  find: eachCall((entry, pointer) =>
    entry.methods || entry.bare === true
      ? []
      : [
          {
            severity: "error",
            pointer,
            message: "It names no method and no call without arguments, so it allows nothing.",
            fix: {
              description: "Name `methods`, set `bare` to true, or remove the entry.",
              apply: removeEntry(entry),
            },
          },
        ],
  ),
};

const unknownType: AlgorandLint = {
  name: "method-type-unknown",
  find: eachCall((entry, pointer) =>
    (entry.methods ?? []).flatMap((text, index): AlgorandFinding[] => {
      const { types = [], result = "void" } = parseMethod(text);
      const unknown = [...types, ...(result === "void" ? [] : [result])].find((type) => !isAbiType(type));
      if (unknown === undefined) return [];
      return [
        {
          severity: "error",
          pointer: `${pointer}/methods/${index}`,
          message: `ARC-4 has no type ${unknown}, so the selector is of another method.`,
          fix: { description: "Correct the signature, or remove the entry.", apply: removeEntry(entry) },
        },
      ];
    }),
  ),
};

const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  sender: "publicKey",
  receiver: "publicKey",
  closeRemainderTo: "option<publicKey>",
  closeTo: "option<publicKey>",
  rekeyTo: "option<publicKey>",
  amount: "u64",
  asset: "u64",
  note: "bytes",
};

/** Of an argument of ARC-4: what is made of others stays bytes. */
function fieldTypeOf(type: string | undefined): FieldType {
  if (type === undefined) return "bytes";
  if (/^uint[0-9]+$|^byte$|^asset$|^application$/.test(type)) return "u64";
  if (type === "bool" || type === "string") return type;
  return type === "address" || type === "account" ? "publicKey" : "bytes";
}

/** Why a predicate for an argument of a call holds for none of the methods. */
function unfitArgument(entry: AllowedCall, name: string): string | undefined {
  const predicate = predicateOf(entry, name);
  const place = Number(name.slice("argument".length));
  const reasons = (entry.methods ?? []).map((text) => {
    const { types } = parseMethod(text);
    if (types && place > types.length) return `the method has ${types.length} arguments`;
    return predicate && unfit(predicate, fieldTypeOf(place === 0 ? undefined : types?.[place - 1]));
  });
  if (reasons.length === 0) return "a call without arguments has none";
  return reasons.includes(undefined) ? undefined : reasons[0];
}

const unfitPredicate: AlgorandLint = {
  name: "predicate-unfit",
  find: eachEntry((entry, pointer) =>
    Object.keys(entry.arguments ?? {}).flatMap((name): AlgorandFinding[] => {
      const predicate = predicateOf(entry, name);
      const type = FIELD_TYPES[name];
      const isOfCall = entry.transaction === "application-call" && type === undefined;
      const reason = isOfCall ? unfitArgument(entry, name) : predicate && unfit(predicate, type ?? "bytes");
      if (reason === undefined) return [];
      return [
        {
          severity: "error",
          pointer: `${pointer}/arguments/${name}`,
          message: `This never holds: ${reason}.`,
          fix: { description: "Correct the predicate, or remove the entry.", apply: removeEntry(entry) },
        },
      ];
    }),
  ),
};

const FLAGS = ["anySender", "allowClose", "allowRekey", "bare"] as const;
type Flag = (typeof FLAGS)[number];

const isOn = (entry: AllowedTransaction, flag: Flag): boolean => (entry as { [Name in Flag]?: boolean })[flag] === true;

const includesAll = (wider: ReadonlySet<string>, narrower: ReadonlySet<string>): boolean =>
  [...narrower].every((item) => wider.has(item));

/** An entry with its selectors, which are digests: each is made once, not for every pair of entries. */
interface Reach {
  readonly entry: AllowedTransaction;
  readonly conditions: string | undefined;
  readonly selectors: ReadonlySet<string>;
  readonly onComplete: ReadonlySet<string>;
}

function reachOf(entry: AllowedTransaction): Reach {
  const isCall = entry.transaction === "application-call";
  const { methods = [], onComplete = ["no-op"] } = isCall ? entry : {};
  const hasConditions = Object.keys(entry.arguments ?? {}).length > 0;
  return {
    entry,
    conditions: hasConditions ? JSON.stringify(entry.arguments) : undefined,
    selectors: new Set(methods.map((text) => parseMethod(text).selector)),
    onComplete: new Set(onComplete),
  };
}

/** True when everything that `reach` allows is allowed by `other` too. */
function isWider(other: Reach, reach: Reach): boolean {
  const [wide, narrow] = [other.entry, reach.entry];
  if (wide.transaction !== narrow.transaction) return false;
  if (other.conditions !== undefined && other.conditions !== reach.conditions) return false;
  if (FLAGS.some((flag) => isOn(narrow, flag) && !isOn(wide, flag))) return false;
  if (wide.transaction !== "application-call" || narrow.transaction !== "application-call") return true;
  return (
    wide.application === narrow.application &&
    includesAll(other.selectors, reach.selectors) &&
    includesAll(other.onComplete, reach.onComplete)
  );
}

const shadowed: AlgorandLint = {
  name: "entry-without-effect",
  find({ allow }) {
    const reaches = allow.map(reachOf);
    return reaches.flatMap((reach, index): AlgorandFinding[] => {
      const wider = reaches.findIndex(
        (other, position) =>
          position !== index && isWider(other, reach) && (position < index || !isWider(reach, other)),
      );
      if (wider < 0) return [];
      return [
        {
          severity: "warning",
          pointer: `/allow/${index}`,
          message: `/allow/${wider} allows all of it, so this entry changes nothing.`,
          fix: { description: "Remove this entry, or narrow the other one.", apply: removeEntry(reach.entry) },
        },
      ];
    });
  },
};

/** What about the allowlist is a mistake. */
export const allowlistLints: readonly AlgorandLint[] = [
  nothingAllowed,
  emptyCall,
  unknownType,
  unfitPredicate,
  shadowed,
];
