import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffDocuments } from "./diff.ts";

describe("what a new version changes is told", () => {
  test.each([
    ["a field", { maxFee: "1" }, { maxFee: "2" }, [{ pointer: "/maxFee", before: "1", after: "2" }]],
    ["a field that came", {}, { maxRent: "5" }, [{ pointer: "/maxRent", before: undefined, after: "5" }]],
    ["a field that went", { maxRent: "5" }, {}, [{ pointer: "/maxRent", before: "5", after: undefined }]],
    ["a member that came", { allow: [1] }, { allow: [1, 2] }, [{ pointer: "/allow/1", before: undefined, after: 2 }]],
    ["a member that went", { allow: [1, 2] }, { allow: [2] }, [{ pointer: "/allow/0", before: 1, after: undefined }]],
    ["a name with a slash", { "a/b~": 1 }, { "a/b~": 2 }, [{ pointer: "/a~1b~0", before: 1, after: 2 }]],
    ["the first version", undefined, { maxFee: "1" }, [{ pointer: "", before: undefined, after: { maxFee: "1" } }]],
  ])("%s", (_name, before, after, differences) => {
    expect(diffDocuments(before, after)).toEqual(differences);
  });

  test("the order of an allowlist and of fields is none of it", () => {
    const left = {
      allow: [
        { program: "a", instruction: "b" },
        { program: "c", instruction: "d" },
      ],
      maxFee: "1",
    };
    const right = {
      maxFee: "1",
      allow: [
        { instruction: "d", program: "c" },
        { instruction: "b", program: "a" },
      ],
    };
    expect(diffDocuments(left, right)).toEqual([]);
  });

  test("a document differs from itself in nothing, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(diffDocuments(value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  test("two documents that differ are never told to be the same", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.dictionary(fc.string(), fc.string()), (left, right) => {
        const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
        const isSame = names.every((name) => left[name] === right[name]);
        expect(diffDocuments(left, right).length === 0).toBe(isSame);
      }),
    );
  });
});
