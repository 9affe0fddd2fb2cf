import { auditEntries } from "@gasless/db";
import { and, desc, eq, lt } from "drizzle-orm";
import type { AuditEntry } from "../../../contract/manage/audit.ts";
import { toHex } from "../../../domain/audit.ts";
import type { AuditStore } from "../../../manage-ports.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage } from "./page.ts";

interface Row {
  readonly id: string;
  readonly entry: string;
  readonly sequence: bigint | null;
  readonly hash: Uint8Array | null;
}

/** What `append_audit()` writes. */
type Said = Pick<AuditEntry, "at" | "actor" | "action" | "target" | "details">;

function view({ id, entry, sequence, hash }: Row): AuditEntry {
  const { at, actor, action, target, details } = JSON.parse(entry) as Said;
  return {
    id,
    at,
    actor,
    action,
    target,
    details,
    sequence: sequence?.toString() ?? null,
    hash: hash && toHex(hash),
  };
}

/** The log of what was changed, as it stands in its chain. */
export function createAuditPages({ run }: Pick<ActingDatabase, "run">): AuditStore {
  return {
    async listAudit(chain, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select({
            id: auditEntries.id,
            entry: auditEntries.entry,
            sequence: auditEntries.sequence,
            hash: auditEntries.hash,
          })
          .from(auditEntries)
          .where(and(eq(auditEntries.chain, chain), cursor === undefined ? undefined : lt(auditEntries.id, cursor)))
          .orderBy(desc(auditEntries.id))
          .limit(limit + 1),
      );
      return toPage(rows, limit, view, ({ id }) => id);
    },
  };
}
