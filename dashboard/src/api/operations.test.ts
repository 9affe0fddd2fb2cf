import { expect, test } from "vitest";
import { MANAGE_ROUTES, type ManageOperation } from "../../../bff/src/contract/manage/routes.ts";
import { Role } from "../../../bff/src/contract/manage/values.ts";
import { OPERATIONS } from "./operations.ts";

test("every call of the contract is known with its own method and path, and no other is", () => {
  const known = Object.entries(OPERATIONS).map(([operation, [method, path]]) => [operation, method, path]);
  expect(known).toEqual(
    Object.entries(MANAGE_ROUTES).map(([operation, { method, path }]) => [operation, method, path]),
  );
});

test("whoever finds a link to explain a past decision may follow it: both are open to the same roles", () => {
  expect(OPERATIONS.explain[2]).toEqual(OPERATIONS.readDecision[2]);
});

test.each(Object.keys(OPERATIONS) as ManageOperation[])("%s is open to the roles of the contract", (operation) => {
  expect(OPERATIONS[operation][2]).toEqual(MANAGE_ROUTES[operation].roles ?? Role.options);
});
