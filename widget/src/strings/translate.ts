import type { StringKey, Strings } from "./en.ts";

export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: StringKey, values?: Values) => string;

/** The languages there are, besides English, each a chunk that comes when it is needed. */
const LOCALES: Readonly<Record<string, () => Promise<Strings>>> = {
  ar: async () => (await import("./ar.ts")).ar,
  de: async () => (await import("./de.ts")).de,
  es: async () => (await import("./es.ts")).es,
};

/** The first of the wanted languages that there is; `auto` asks the page, then the browser. */
export function chooseLocale(wanted: string): string {
  const asked = wanted === "auto" ? [document.documentElement.lang, ...navigator.languages] : [wanted];
  const known = asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag in LOCALES);
  return known ?? "en";
}

/** A language's texts; undefined for English, which the dialog has with it. */
export async function loadStrings(locale: string): Promise<Strings | undefined> {
  return LOCALES[locale]?.();
}

export const isRightToLeft = (locale: string): boolean => locale === "ar";

/** Text with its `{values}` filled in. */
export function fill(text: string, values: Values = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}
