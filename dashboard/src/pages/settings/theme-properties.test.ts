import { expect, test } from "vitest";
import { fullHex, sameTheme, themeFaults, themeWith, unlistedIn } from "./theme-properties.ts";

test("style injection: a value that could end its own declaration is refused", () => {
  expect(
    Object.keys(themeFaults({ accent: "red; background: url(x)", font: "Inter, sans-serif", radius: "12px" })),
  ).toEqual(["accent"]);
});

test("properties that this page does not know are kept and named", () => {
  expect(unlistedIn({ accent: "#000", shadow: "none" })).toEqual(["shadow"]);
});

test("a theme without a property is another one than with it", () => {
  expect(sameTheme({ accent: "#000" }, { accent: "#000" })).toBe(true);
  expect(sameTheme({ accent: "#000" }, {})).toBe(false);
  expect(sameTheme({}, { accent: "#000" })).toBe(false);
});

test("a colour field is given all its digits", () => {
  expect(fullHex([0, 15, 255])).toBe("#000fff");
});

test("what somebody else set meanwhile stays beside what was typed here", () => {
  const kept = { accent: "#0f6b5c", radius: "4px", font: "Inter" };
  expect(themeWith(kept, { accent: "#ff0000", font: "" })).toEqual({ accent: "#ff0000", radius: "4px" });
});
