import { expect, test } from "vitest";
import { parseOrigin } from "../../../../bff/src/domain/origin.ts";
import { readOrigin } from "./read-origin.ts";

const TYPED = [
  "https://shop.example",
  "https://shop.example/",
  "HTTPS://Shop.Example:443",
  "https://bücher.example",
  "http://localhost:3000",
  "http://shop.example",
  "https://*.shop.example",
  "https://shop.example/path",
  "https://shop.example?x",
  "https://user@shop.example",
  "shop.example",
  "null",
  "https://shop%2eexample",
  "https://shop example",
  "javascript:alert(1)",
];

test.each(TYPED.flatMap((typed) => [[typed, "test"] as const, [typed, "live"] as const]))(
  "%s is promised in a %s project exactly when the API takes it, in its spelling",
  (typed, environment) => {
    const reading = readOrigin(typed, environment);
    const parsed = parseOrigin(typed, environment);
    expect(reading.kind === "origin" ? reading.origin : undefined).toBe(parsed.ok ? parsed.value : undefined);
  },
);

test("look-alike attack: a name in another script is shown in the spelling that tells it apart", () => {
  const reading = readOrigin("https://аpple.example", "live");
  expect(reading).toMatchObject({ kind: "origin", origin: "https://xn--pple-43d.example" });
  expect(reading.kind === "origin" && reading.note).toContain("Compare it");
});

test("a wildcard is refused with its danger", () => {
  const reading = readOrigin("https://*.shop.example", "live");
  expect(reading.kind === "refused" && reading.why).toContain("could spend your budget");
});

test.each([
  ["localhost:3000", "http://localhost:3000"],
  ["127.0.0.1:8080/", "http://127.0.0.1:8080"],
  ["shop.localhost", "http://shop.localhost"],
  ["shop.example", "https://shop.example"],
])("%s, typed without its scheme, is told to begin as %s does", (typed, example) => {
  const reading = readOrigin(typed, "test");
  expect(reading.kind === "refused" && reading.why).toMatch(new RegExp(`as in ${example}\\.$`));
});

test("nobody adds a page over http without being told that people cannot sign in there, but for this device", () => {
  const noteOf = (typed: string) => {
    const reading = readOrigin(typed, "test");
    return reading.kind === "origin" ? reading.note : reading.kind;
  };
  for (const typed of ["http://shop.example", "http://192.168.0.7:3000", "HTTP://Shop.Example"]) {
    expect(noteOf(typed)).toContain("Nobody can sign in there");
  }
  for (const typed of ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:3000", "https://shop.example"]) {
    expect(noteOf(typed)).toBeUndefined();
  }
});
