import { expect, test } from "vitest";
import { entryWords } from "./entry-words.ts";

const MEMBER = { kind: "member", id: "usr_1", name: "solana:Wallet1" };

test("a change is told by who did it, what it is about, and what differs", () => {
  const words = entryWords({
    actor: MEMBER,
    action: "network.changed",
    details: { before: { allowlist_only: false }, after: { allowlist_only: true } },
  });
  expect(words).toEqual({
    who: "A member",
    whoDetail: "solana:Wallet1",
    what: "changed a network",
    about: undefined,
    changes: [{ name: "allowlist only", before: "no", after: "yes" }],
  });
});

test("of a row that was added only what says something is shown", () => {
  const { what, changes } = entryWords({
    actor: { kind: "key", id: "key_1", name: "AbCd" },
    action: "limit.added",
    details: { after: { id: "lim_1", project_id: "prj_1", sponsor_id: null, subject_kind: "user", unit: "relays" } },
  });
  expect(what).toBe("added a budget");
  expect(changes.map(({ name, before, after }) => [name, before, after])).toEqual([
    ["of", undefined, "user"],
    ["unit", undefined, "relays"],
  ]);
});

test("which one was changed is told by what stayed as it was", () => {
  const network = "solana:devnet";
  const budget = entryWords({
    actor: MEMBER,
    action: "limit.changed",
    details: {
      of: { unit: "fee", window: "day", network, subject_kind: "user" },
      before: { amount: "2000000000" },
      after: { amount: "2500000000" },
    },
  });
  expect(budget.about).toBe("each user · day · fee · solana:devnet");
  expect(budget.changes).toEqual([{ name: "limit", before: "2 SOL", after: "2.5 SOL" }]);
  const key = entryWords({
    actor: MEMBER,
    action: "key.changed",
    details: { of: { name: "Risk service", kind: "secret", last_four: "9fQz" }, before: {}, after: {} },
  });
  expect(key.about).toBe("Risk service · secret · …9fQz");
});

test("a time is told as a clock shows it, whoever wrote it", () => {
  const endOf = (revoked_at: string) =>
    entryWords({
      actor: MEMBER,
      action: "key.changed",
      details: { before: { revoked_at: null }, after: { revoked_at } },
    }).changes[0]?.after;
  expect(endOf("2026-11-29T20:02:30.912247+00:00")).toMatch(/^Nov (?:29|30), 2026, \d+:\d\d:30.[AP]M$/);
  expect(endOf("2026-11-29T20:02:30.912Z")).toBe(endOf("2026-11-29T20:02:30.912247+00:00"));
});

test("an amount is told in its unit, or that it is not known which", () => {
  const limitOf = (details: Record<string, unknown>) =>
    entryWords({ actor: MEMBER, action: "limit.changed", details }).changes.find(({ name }) => name === "limit");
  const network = "solana:devnet";
  expect(limitOf({ after: { network, unit: "relays", amount: "1200" } })?.after).toBe("1,200 relays");
  expect(limitOf({ after: { network, unit: "fee", amount: "2500000000" } })?.after).toBe("2.5 SOL");
  expect(limitOf({ before: { amount: "20" }, after: { amount: "2500" } })).toMatchObject({
    before: "20 relays or base units",
    after: "2,500 relays or base units",
  });
  const { changes } = entryWords({
    actor: MEMBER,
    action: "sponsor.added",
    details: { after: { network, balance_floor: "50000000" } },
  });
  expect(changes.at(-1)).toMatchObject({ name: "balance floor", after: "0.05 SOL" });
});

test("a key is told with one ellipsis, with or without one in its name", () => {
  for (const name of ["…AbCd", "AbCd"]) {
    const { who } = entryWords({ actor: { kind: "key", id: "key_1", name }, action: "origin.added", details: {} });
    expect(who).toBe("The key …AbCd");
  }
});

test("what thousands of list entries were is told by their number and the first of them", () => {
  const { what, changes } = entryWords({
    actor: MEMBER,
    action: "denied_account.added",
    details: { count: 10_000, first: ["A", "B"] },
  });
  expect(what).toBe("added 10,000 denylist entries");
  expect(changes).toEqual([{ name: "the first of them", before: undefined, after: "A, B" }]);
});

test("one list entry is told as one", () => {
  const said = (action: string) => entryWords({ actor: MEMBER, action, details: { count: 1, first: ["A"] } }).what;
  expect(said("denied_account.added")).toBe("added 1 denylist entry");
  expect(said("allowed_wallet.removed")).toBe("removed 1 allowlist entry");
});

test("a list entry that was changed alone is told with its address, and with what it was and is", () => {
  const { changes } = entryWords({
    actor: MEMBER,
    action: "denied_account.changed",
    details: {
      count: 1,
      first: ["A"],
      before: { note: "old", expires_at: null },
      after: { note: "new", expires_at: "2099" },
    },
  });
  expect(changes.map(({ before, after }) => [before, after])).toEqual([
    [undefined, "A"],
    ["old", "new"],
    ["none", "2099"],
  ]);
});

test("an end that was set for a key, a suspended project and a row removed by hand are called what they are", () => {
  const said = (action: string, details: Record<string, unknown>) =>
    entryWords({ actor: MEMBER, action, details }).what;
  expect(said("key.changed", { before: { revoked_at: null }, after: { revoked_at: "2026" } })).toBe(
    "set the end of a key",
  );
  expect(said("project.changed", { before: { status: "active" }, after: { status: "suspended" } })).toBe(
    "suspended the project",
  );
  expect(said("invitation.changed", { before: { revoked_at: null }, after: { revoked_at: "2026" } })).toBe(
    "took back an invitation",
  );
  expect(entryWords({ actor: { kind: "database", name: "postgres" }, action: "origin.removed", details: {} }).who).toBe(
    "Somebody at the database",
  );
});

test("an action from a newer database is still told", () => {
  expect(entryWords({ actor: { kind: "robot" }, action: "webhook_endpoint.added", details: {} })).toMatchObject({
    who: "robot",
    what: "added webhook endpoint",
  });
});
