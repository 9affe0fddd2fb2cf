import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createScriptTranslator } from "./scripts.ts";

const FLAGGED = "#!lua flags=allow-key-locking\nreturn 1";
const STRIPPED = "\nreturn 1";
const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");

const script = (index: number): string => `#!lua\nreturn ${index}`;

describe("the script translator", () => {
  test("drops the flag line and maps the hash of what the client sent", () => {
    const translate = createScriptTranslator();
    expect(translate(["evalsha", sha1(FLAGGED), "0"])).toEqual(["evalsha", sha1(FLAGGED), "0"]);
    expect(translate(["EVAL", FLAGGED, "1", "key"])).toEqual(["EVAL", STRIPPED, "1", "key"]);
    expect(translate(["evalsha", sha1(FLAGGED).toUpperCase(), "0"])).toEqual(["evalsha", sha1(STRIPPED), "0"]);
    expect(translate(["SCRIPT", "EXISTS", sha1(FLAGGED)])).toEqual(["SCRIPT", "EXISTS", sha1(STRIPPED)]);
  });

  test("leaves every other command and script alone", () => {
    const translate = createScriptTranslator();
    for (const command of [["EVAL", "return 1", "0"], ["SET", "key", FLAGGED], ["SCRIPT", "FLUSH"], ["EVAL"]]) {
      expect(translate(command)).toEqual(command);
    }
  });

  test("remembers a bounded number of scripts, the newest", () => {
    const translate = createScriptTranslator();
    for (let index = 0; index <= 500; index += 1) translate(["EVAL", script(index), "0"]);
    expect(translate(["EVALSHA", sha1(script(0)), "0"])[1]).toBe(sha1(script(0)));
    expect(translate(["EVALSHA", sha1(script(500)), "0"])[1]).toBe(sha1("\nreturn 500"));
  });
});
