import { describe, expect, test } from "vitest";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en, type StringKey } from "./en.ts";
import { es } from "./es.ts";
import { fill } from "./translate.ts";

/** Texts that may read as English does, such as a brand: none so far. */
const SAME_AS_ENGLISH: ReadonlySet<StringKey> = new Set([]);

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();

describe.each(Object.entries({ ar, de, es }))("the language %s", (_name, strings) => {
  const texts = Object.entries(strings) as [StringKey, string][];

  test("has every text and no other, in the order of English", () => {
    expect(Object.keys(strings)).toEqual(Object.keys(en));
  });

  test("fills in what English fills in", () => {
    for (const [key, text] of texts) expect([key, placeholders(text)]).toEqual([key, placeholders(en[key])]);
  });

  test("leaves nothing empty, in English, or with a space at its edge", () => {
    for (const [key, text] of texts) {
      expect(text, key).toBe(text.trim());
      expect(text, key).not.toBe("");
      if (!SAME_AS_ENGLISH.has(key)) expect(text, key).not.toBe(en[key]);
    }
  });
});

test("a value that a text does not get leaves no braces behind", () => {
  expect(fill("{left} of {limit}", { left: 3 })).toBe("3 of ");
});
