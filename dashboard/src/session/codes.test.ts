import { expect, test } from "vitest";
import { takeCodes } from "./codes.ts";

const CODE = "Zk3vN8pQ2rT5wY7x";
const take = (path: string) => takeCodes(new URL(path, "https://gasless.example"));

test("a code is behind the address, where no server sees it, and does not stay there or in the history", () => {
  expect(take(`/dashboard#claim=${CODE}`)).toEqual({
    codes: { claim: CODE, invitation: undefined },
    address: "/dashboard",
  });
  expect(take(`/dashboard/?x=1#invitation=${CODE}&y=2`)).toEqual({
    codes: { claim: undefined, invitation: CODE },
    address: "/dashboard/?x=1#y=2",
  });
});

test("any other address stays as it is", () => {
  for (const path of ["/dashboard/", `/dashboard/?claim=${CODE}`, "/dashboard/o/org_1?q=x#members"]) {
    expect(take(path)).toEqual({ codes: { claim: undefined, invitation: undefined }, address: undefined });
  }
});
