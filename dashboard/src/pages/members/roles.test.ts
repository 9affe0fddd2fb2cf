import { expect, test } from "vitest";
import type { Member } from "../../../../bff/src/contract/manage/organizations.ts";
import { Role } from "../../../../bff/src/contract/manage/values.ts";
import { mayHandle as mayHandleInApi } from "../../../../bff/src/domain/manage.ts";
import { lastOwner, mayHandle, ROLES } from "./roles.ts";

const member = (userId: string, role: Role): Member => ({
  userId,
  role,
  wallets: [],
  joinedAt: "2026-11-01T00:00:00Z",
  lastSeenAt: null,
});

test("every role of the contract is explained", () => {
  expect(ROLES.map(({ value }) => value)).toEqual(Role.options);
});

test("who may change whose role is what the API decides", () => {
  for (const own of Role.options) {
    for (const other of Role.options) expect(mayHandle(own, other)).toBe(mayHandleInApi(own, other));
  }
});

test("the last owner stays, another owner or a lesser member may go", () => {
  const [ann, bob, cleo] = [member("ann", "owner"), member("bob", "owner"), member("cleo", "viewer")];
  expect(lastOwner(ann, [ann, cleo], true)).toMatch(/last owner/);
  expect(lastOwner(ann, [ann, bob], true)).toBeUndefined();
  expect(lastOwner(cleo, [ann, cleo], true)).toBeUndefined();
});

test("with more members than are shown, the API is left to know", () => {
  const ann = member("ann", "owner");
  expect(lastOwner(ann, [ann], false)).toBeUndefined();
});
