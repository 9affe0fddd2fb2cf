import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MANAGE_ROUTES, type ManageRoute } from "../../bff/src/contract/manage/routes.ts";
import { Role } from "../../bff/src/contract/manage/values.ts";
import { renderPermissions } from "./permissions.ts";

const COMMITTED = readFileSync(new URL("../../docs/permissions.md", import.meta.url), "utf8");

test("the committed permission map is what the routes declare", () => {
  expect(COMMITTED).toBe(renderPermissions());
});

test("a row marks the declared roles and no other, and names each scope with its fields", () => {
  for (const [name, { method, path, roles, scope, moreScope }] of Object.entries<ManageRoute>(MANAGE_ROUTES)) {
    const row = COMMITTED.split("\n").find((line) => line.includes(`\`${method} ${path}\``)) ?? expect.fail(name);
    const [, , scopeCell = "", ...cells] = row.split(" | ");
    const named = [scope, ...(moreScope?.fields ?? []), moreScope?.scope ?? null].filter((part) => part !== null);
    expect(
      Array.from(scopeCell.matchAll(/`([^`]+)`/g), ([, part]) => part),
      name,
    ).toEqual(named);
    const marked = Role.options.filter((_, index) => cells[index] === "●");
    expect(marked, name).toEqual(roles ?? Role.options);
  }
});
