import { formatAmount, formatBaseUnits } from "../../../format/amounts.ts";
import { isObject, type Json } from "./pointer.ts";
import { groupDigits } from "./say-predicate.ts";
import { type Statement, value, type Words } from "./words.ts";

const MICRO = 1_000_000n;
const isDigits = (text: unknown): text is string => typeof text === "string" && /^\d{1,78}$/.test(text);

/** An amount in whole coins with its base units behind. */
const sayAmount = (network: string, baseUnits: unknown): Words =>
  isDigits(baseUnits)
    ? [value(formatAmount(network, baseUnits)), ` (${formatBaseUnits(network, baseUnits)})`]
    : ["an amount that cannot be read"];

/** What priority a price of compute units buys at most: base units, rounded up. */
export function priorityFee(price: unknown, units: unknown): bigint | undefined {
  if (!isDigits(price) || typeof units !== "number" || !Number.isSafeInteger(units) || units < 0) return undefined;
  return (BigInt(price) * BigInt(units) + MICRO - 1n) / MICRO;
}

const limit = (name: string, words: Words): Statement => ({ section: "limit", name, pointer: `/${name}`, words });
const count = (given: unknown): Words => [value(groupDigits(String(given)))];

function computeLimits({ maxComputeUnits: units, maxComputeUnitPrice: price }: Json, network: string): Statement[] {
  const most = priorityFee(price, units);
  return [
    ...(units === undefined
      ? []
      : [limit("maxComputeUnits", ["At most ", ...count(units), " compute units in one transaction"])]),
    ...(price === undefined
      ? []
      : [
          limit("maxComputeUnitPrice", [
            "At most ",
            ...count(price),
            " micro-lamports for a compute unit",
            ...(most === undefined ? [] : [", so at most ", value(formatAmount(network, most)), " of priority fee"]),
          ]),
        ]),
  ];
}

/** The bounds of one transaction, or of one group. */
export function sayLimits(document: Json, network: string): readonly Statement[] {
  const { maxFee, maxSignatures, maxTransactions, maxRent } = document;
  const what = network.startsWith("algorand:") ? "group" : "transaction";
  return [
    ...(maxFee === undefined ? [] : [limit("maxFee", [`One ${what} costs at most `, ...sayAmount(network, maxFee)])]),
    ...(maxSignatures === undefined
      ? []
      : [limit("maxSignatures", ["At most ", ...count(maxSignatures), " signatures"])]),
    ...(maxTransactions === undefined
      ? []
      : [limit("maxTransactions", ["At most ", ...count(maxTransactions), " transactions of the user in one group"])]),
    ...computeLimits(document, network),
    limit(
      "maxRent",
      maxRent === undefined
        ? [network.startsWith("algorand:") ? "No minimum balance is given" : "No rent is paid"]
        : [`Rent of at most `, ...sayAmount(network, maxRent), ` is paid in one ${what}`],
    ),
    ...sayMinimumBalance(document),
  ];
}

function sayMinimumBalance({ minimumBalance }: Json): Statement[] {
  if (!isObject(minimumBalance)) return [];
  const { account, assets } = minimumBalance;
  const words: Words = [
    "Users who lack it are given the minimum balance ",
    ...(account === true ? ["of their account, and "] : []),
    ...(assets === true
      ? ["of any asset"]
      : ["of these assets: ", { values: Array.isArray(assets) ? assets.map(String) : [] }]),
  ];
  return [limit("minimumBalance", words)];
}
