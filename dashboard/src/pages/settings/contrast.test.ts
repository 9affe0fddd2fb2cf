import { expect, test } from "vitest";
import { checkContrast, contrastOf, onAccent, parseHex } from "./contrast.ts";

const hex = (text: string) => parseHex(text) ?? [0, 0, 0];

test("contrast is what the guideline's own examples say", () => {
  expect(contrastOf(hex("#000"), hex("#fff"))).toBeCloseTo(21, 5);
  expect(contrastOf(hex("#777777"), hex("#ffffff"))).toBeCloseTo(4.48, 2);
  expect(contrastOf(hex("#fff"), hex("#fff"))).toBe(1);
});

test("what only a browser can work out is not judged", () => {
  expect(parseHex("rebeccapurple")).toBeUndefined();
  expect(checkContrast({ text: "rebeccapurple" }).find(({ what }) => what === "Text")).toMatchObject({
    ratio: undefined,
    isEnough: true,
  });
});

test("the widget's own colours can all be read", () => {
  expect(checkContrast({}).filter(({ isEnough }) => !isEnough)).toEqual([]);
});

test("a text colour that holds in the light alone is found in the dark", () => {
  const faults = checkContrast({ text: "#222222" }).filter(({ isEnough }) => !isEnough);
  expect(faults.map(({ what, scheme }) => `${what} ${scheme}`)).toEqual(["Text dark", "Text on a raised part dark"]);
});

test("on a bright accent stands black, on a deep one white", () => {
  expect(onAccent(hex("#ffe066"))).toBe("#000000");
  expect(onAccent(hex("#1b1464"))).toBe("#ffffff");
});
