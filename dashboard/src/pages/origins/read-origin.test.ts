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
