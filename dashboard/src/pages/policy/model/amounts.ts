import { formatAmount, formatBaseUnits, parseAmount, unitOf } from "../../../format/amounts.ts";
import { plainText } from "./pointer.ts";

const isDigits = (given: unknown): given is string => typeof given === "string" && /^\d{1,78}$/.test(given);

/** What a field shows of an amount in base units: whole coins without their symbol; what is no amount as it is. */
export function showAmount(network: string, baseUnits: unknown): string {
  if (!isDigits(baseUnits)) return typeof baseUnits === "string" ? baseUnits : "";
  const [digits = ""] = formatAmount(network, baseUnits).split(" ");
  return digits.replaceAll(",", "");
}

/** Base units of what was typed; what is no amount stays as it was typed, for the check to say so. */
export const readAmount = (network: string, typed: string): string => parseAmount(network, typed)?.toString() ?? typed;

/** What stands beside the field: the same in base units, or why it is none. */
export function amountHint(network: string, baseUnits: unknown): string {
  if (isDigits(baseUnits)) return formatBaseUnits(network, baseUnits);
  const { symbol, decimals } = unitOf(network);
  return `An amount of ${symbol}, with at most ${decimals} digits behind the point.`;
}

/** Why what a field holds is no amount; undefined where it is one, or nothing. */
export function amountFault(network: string, given: unknown): string | undefined {
  if (given === undefined || isDigits(given)) return undefined;
  const { symbol, base, decimals } = unitOf(network);
  if (typeof given !== "string")
    return `In the JSON it has to be text, in ${base}: "25000" is ${formatAmount(network, "25000")}.`;
  const typed = given.trim();
  const example = `Write an amount of ${symbol} such as 0.001.`;
  if (typed === "") return example;
  if (/^\d+,\d+$/.test(typed)) return `“${typed}” has a comma. ${example}`;
  if (/^[\d,]+\.\d+$/.test(typed)) return `${symbol} has at most ${decimals} digits behind the point.`;
  return `“${typed}” is no amount. ${example}`;
}

/** Why what a field holds is no whole number. */
export function wholeFault(given: unknown, example: string): string | undefined {
  const typed = plainText(given);
  if (given === undefined || /^\d{1,78}$/.test(typed)) return undefined;
  return `${typed === "" ? "" : `“${typed}” is no whole number. `}Write one such as ${example}.`;
}

/** A whole number as JSON has it; what is none stays as it was typed. */
export const readWhole = (typed: string): number | string => (/^\d{1,15}$/.test(typed.trim()) ? Number(typed) : typed);

/** Lamports that the account of one token keeps for as long as it is there. Source: Agave, Rent::default(), 165 bytes. */
export const TOKEN_ACCOUNT_RENT = "2039280";
