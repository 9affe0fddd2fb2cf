import { html, type TemplateResult } from "lit";

interface Unit {
  readonly symbol: string;
  readonly decimals: number;
  /** Several of the smallest. */
  readonly base: string;
}

const UNITS: Readonly<Record<string, Unit>> = {
  solana: { symbol: "SOL", decimals: 9, base: "lamports" },
  algorand: { symbol: "ALGO", decimals: 6, base: "microAlgos" },
  eip155: { symbol: "ETH", decimals: 18, base: "wei" },
  near: { symbol: "NEAR", decimals: 24, base: "yoctoNEAR" },
};
const UNKNOWN: Unit = { symbol: "units", decimals: 0, base: "units" };

/** What a network counts in. */
export const unitOf = (network: string): Unit => UNITS[network.split(":", 1)[0] ?? ""] ?? UNKNOWN;

const grouped = (digits: string): string => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** An amount of base units in whole ones, exact to the last: no digit is rounded away. */
export function formatAmount(network: string, baseUnits: string | bigint): string {
  const { symbol, decimals } = unitOf(network);
  const value = BigInt(baseUnits);
  const scale = 10n ** BigInt(decimals);
  const whole = grouped((value / scale).toString());
  const rest = decimals === 0 ? "" : (value % scale).toString().padStart(decimals, "0").replace(/0+$/, "");
  return `${whole}${rest === "" ? "" : `.${rest}`} ${symbol}`;
}

/** Base units as they are, grouped by thousands. */
export const formatBaseUnits = (network: string, baseUnits: string | bigint): string =>
  `${grouped(BigInt(baseUnits).toString())} ${unitOf(network).base}`;

/**
 * A number without its grouping. A comma that groups nothing, as behind a leading zero, may be somebody's decimal sign:
 * it stays, and is no number.
 */
export function ungrouped(text: string): string {
  const typed = text.trim();
  return /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/.test(typed) ? typed.replaceAll(",", "") : typed;
}

/** "1,500" is one and a half to some people: with one comma and no point it is no amount. */
const isAmbiguous = (typed: string): boolean => /^\d+,\d+$/.test(typed.trim());

/**
 * Base units of an amount that was written in whole ones, or undefined when it is none or finer than there are units.
 */
export function parseAmount(network: string, text: string): bigint | undefined {
  const { decimals } = unitOf(network);
  const found = /^(\d{1,30})(?:\.(\d{0,30}))?$/.exec(ungrouped(text));
  if (!found || isAmbiguous(text)) return undefined;
  const fraction = (found[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return undefined;
  return BigInt(found[1] ?? "0") * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, "0") || "0");
}

/** An amount with its base units on hover. */
export const amount = (network: string, baseUnits: string | null): TemplateResult =>
  baseUnits === null
    ? html`<span class="soft">unknown</span>`
    : html`<span class="amount" title=${formatBaseUnits(network, baseUnits)}
        >${formatAmount(network, baseUnits)}</span
      >`;
