import { describe, expect, test } from "vitest";
import { languages, say } from "./strings.ts";

const { en = {}, ...others } = languages as Readonly<Record<string, Readonly<Record<string, string>>>>;
/** Names and loan words. */
const SAME_AS_ENGLISH: ReadonlySet<string> = new Set();

describe.each(Object.entries(others))("Pera's views in %s", (_name, strings) => {
  test("have every text and no other, in the order of English", () => {
    expect(Object.keys(strings)).toEqual(Object.keys(en));
  });

  test("leave nothing empty, in English, or with a space at its edge", () => {
    for (const [key, text] of Object.entries(strings)) {
      expect([key, text]).toEqual([key, text.trim()]);
      expect(text, key).not.toBe("");
      if (!SAME_AS_ENGLISH.has(key)) expect(text, key).not.toBe(en[key]);
    }
  });
});

test("a language that is not there is English", () => {
  expect([say("xx", "cancel"), say("de", "cancel")]).toEqual(["Cancel", "Abbrechen"]);
});
