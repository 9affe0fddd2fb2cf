import { expect, test } from "vitest";
import type { Role } from "../../../bff/src/contract/manage/values.ts";
import { blockedBy } from "./context.ts";

const organization = { id: "org_1", name: "Night Market", version: "1", createdAt: "2026-11-01T00:00:00Z" };
const as = (role: Role) => ({ membership: { organization, role } });

test("who may not is told who may", () => {
  expect(blockedBy(as("viewer"), "createKey")).toBe("Only owners and admins can do this; your role is viewer.");
  expect(blockedBy(as("developer"), "setBudgets")).toBe(
    "Only owners, admins, and billing can do this; your role is developer.",
  );
});

test("who may is told nothing", () => {
  expect(blockedBy(as("admin"), "createKey")).toBeUndefined();
  expect(blockedBy(as("viewer"), "listDecisions")).toBeUndefined();
});
