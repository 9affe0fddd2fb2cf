import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseTime } from "./parse-time.ts";

test.each([
  ["2027-01-31T12:00:00Z", "2027-01-31T12:00:00.000Z"],
  ["2027-01-31t12:00:00.123456z", "2027-01-31T12:00:00.123Z"],
  ["2027-01-31T12:00:00+02:30", "2027-01-31T09:30:00.000Z"],
  ["2027-12-31T23:00-05:00", "2028-01-01T04:00:00.000Z"],
  ["2028-02-29", "2028-02-29T00:00:00.000Z"],
])("%s is %s", (given, text) => {
  expect(parseTime(given)).toBe(Date.parse(text));
});

test.each([
  "",
  "soon",
  "2027",
  "1/31/2027",
  "2027-02-29",
  "2100-02-29T00:00:00Z",
  "2027-13-01",
  "2027-00-10",
  "2027-01-00",
  "2027-01-31T12:00:00",
  "2027-01-31T24:00Z",
  "2027-01-31T12:60Z",
  "2027-01-31T12:00:60Z",
  "2027-01-31T12:00:00+24:00",
  " 2027-01-31",
])("%j is no time", (given) => {
  expect(parseTime(given)).toBeUndefined();
});

test("every moment of four-digit years is read as it is written", () => {
  const range = { min: Date.parse("0001-01-01T00:00:00Z"), max: Date.parse("9999-12-31T23:59:59.999Z") };
  fc.assert(
    fc.property(fc.integer(range), (atMs) => {
      expect(parseTime(new Date(atMs).toISOString())).toBe(atMs);
    }),
  );
});
