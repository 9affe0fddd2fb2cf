import { conditionsOf, type Operator } from "./predicate.ts";
import { listWords, value, type Words } from "./words.ts";

/** A longer list is folded. */
const TOLD = 4;

/** Puts a number into words, as an amount of a coin; undefined: as it is. */
export type SayNumber = (digits: string) => string | undefined;

/** Digits in groups of three, where there are enough to need it. */
export const groupDigits = (text: string): string =>
  /^-?\d{5,}$/.test(text) ? text.replaceAll(/\B(?=(?:\d{3})+$)/g, ",") : text;

function textOfValue(given: unknown, sayNumber: SayNumber): string {
  if (typeof given !== "string") return given === null ? "absent" : (JSON.stringify(given) ?? "nothing");
  return (/^\d+$/.test(given) ? sayNumber(given) : undefined) ?? (given === "" ? "“”" : groupDigits(given));
}

const sayValue = (given: unknown, sayNumber: SayNumber): Words =>
  given === null ? ["absent"] : [value(textOfValue(given, sayNumber))];

const asList = (operand: unknown): readonly unknown[] => (Array.isArray(operand) ? (operand as unknown[]) : []);

function sayOneOf(all: readonly unknown[], sayNumber: SayNumber): Words {
  if (all.length === 1) return ["is ", ...sayValue(all[0], sayNumber)];
  if (all.length <= TOLD) {
    const told = all.map((each) => sayValue(each, sayNumber));
    return ["is one of ", ...listWords(told, "or")];
  }
  return [`is one of ${all.length} values: `, { values: all.map((each) => textOfValue(each, sayNumber)) }];
}

function sayCondition(operator: Operator, operand: unknown, sayNumber: SayNumber): Words {
  const inner = (): readonly Words[] => asList(operand).map((each) => sayPredicate(each, sayNumber));
  const told = (): Words => sayValue(operand, sayNumber);
  const ways: Readonly<Record<Operator, () => Words>> = {
    eq: () => ["is ", ...told()],
    in: () => sayOneOf(asList(operand), sayNumber),
    lt: () => ["is below ", ...told()],
    lte: () => ["is at most ", ...told()],
    gt: () => ["is above ", ...told()],
    gte: () => ["is at least ", ...told()],
    startsWith: () => ["begins with ", ...told()],
    all: () => ["(", ...listWords(inner()), ")"],
    any: () => ["either (", ...listWords(inner(), "or"), ")"],
    not: () => ["not (", ...sayPredicate(operand, sayNumber), ")"],
  };
  return ways[operator]();
}

/** What a value must be, to follow its name: "is at most 5 and begins with …". */
export function sayPredicate(predicate: unknown, sayNumber: SayNumber = () => undefined): Words {
  const conditions = conditionsOf(predicate);
  if (!conditions || conditions.length === 0) return ["is something that cannot be read"];
  return listWords(conditions.map(([operator, operand]) => sayCondition(operator, operand, sayNumber)));
}
