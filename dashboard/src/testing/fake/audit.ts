import type { AuditEntry } from "../../../../bff/src/contract/manage/audit.ts";
import type { FakeHandlers } from "../fake-api.ts";
import { fakeAddress, type FakeOptions, fakeId, minutesAgo, USER_ID, WALLET } from "./world.ts";

const MEMBER = { kind: "member", id: USER_ID, name: WALLET };
const KEY = { kind: "key", id: fakeId("key", 3), name: "…9fQz" };

type Told = Pick<AuditEntry, "actor" | "action" | "target" | "details">;
const TOLD: readonly Told[] = [
  {
    actor: MEMBER,
    action: "limit.changed",
    target: fakeId("lim", 1),
    details: {
      of: { subject_kind: "project", window: "day", unit: "fee", network: "solana:devnet" },
      before: { amount: "2000000000" },
      after: { amount: "2500000000" },
    },
  },
  {
    actor: KEY,
    action: "denied_account.added",
    target: "solana:devnet",
    details: { count: 312, first: [fakeAddress(1), fakeAddress(2), fakeAddress(4)] },
  },
  {
    actor: MEMBER,
    action: "network.changed",
    target: "solana:devnet",
    details: { before: { policy_version: 3 }, after: { policy_version: 4 } },
  },
  {
    actor: MEMBER,
    action: "key.changed",
    target: fakeId("key", 1),
    details: {
      of: { name: "Risk service", kind: "secret", last_four: "9fQz" },
      before: { revoked_at: null },
      after: { revoked_at: "2026-10-30T09:12:44.120Z" },
    },
  },
  {
    actor: { kind: "operator", name: "" },
    action: "origin.added",
    target: "https://tickets.example",
    details: { after: { project_id: fakeId("prj", 1), origin: "https://tickets.example" } },
  },
  {
    actor: { kind: "database", name: "postgres" },
    action: "project.changed",
    target: fakeId("prj", 1),
    details: { before: { status: "suspended", statement: "" }, after: { status: "active", statement: "Sign in." } },
  },
];
const AMOUNT = 27;

function entryOf(index: number): AuditEntry {
  const told = TOLD[index % TOLD.length] ?? { actor: MEMBER, action: "project.added", target: null, details: {} };
  const isSealed = index > 0;
  return {
    ...told,
    id: `aud_${String(AMOUNT - index).padStart(28, "0")}`,
    at: minutesAgo(1 + index * 190),
    sequence: isSealed ? String(AMOUNT - index) : null,
    hash: isSealed ? (0x1234_5678_9abc + index * 7919).toString(16).padStart(64, "3f") : null,
  };
}

export function auditFake({ state }: FakeOptions): FakeHandlers {
  const entries = Array.from({ length: state === "empty" ? 0 : AMOUNT }, (_, index) => entryOf(index));
  const page = (query: Readonly<Record<string, string>>) => {
    const from = Number(query["cursor"] ?? "0");
    return {
      data: entries.slice(from, from + 20),
      nextCursor: from + 20 < entries.length ? String(from + 20) : null,
    };
  };
  return {
    listProjectAudit: ({ query }) => page(query),
    listOrganizationAudit: ({ query }) => page(query),
    exportProjectAudit: ({ query }) =>
      entries
        .toReversed()
        .filter(({ sequence }) => sequence !== null && Number(sequence) > Number(query["after"] ?? "0"))
        .slice(0, 10)
        .map(({ sequence, hash, ...entry }) => JSON.stringify({ sequence, hash, entry: JSON.stringify(entry) }))
        .join("\n"),
  };
}
