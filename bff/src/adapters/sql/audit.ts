import { auditEntries, auditHeads } from "@gasless/db";
import { and, asc, count, desc, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { AuditHead } from "../../domain/audit.ts";
import type { AuditPort, AuditReadPort } from "../../ports.ts";
import { type Database, onlyRow } from "./database.ts";

const BATCH = 500;

function readHead({ signedSequence, kid, mac, ...head }: typeof auditHeads.$inferSelect): AuditHead {
  const isSigned = signedSequence > 0n && kid !== null && mac !== null;
  return { ...head, signed: isSigned ? { sequence: signedSequence, kid, mac } : undefined };
}

export function createAuditQueries({ run }: Database): AuditPort {
  return {
    seal: async () =>
      onlyRow(await run((db) => db.execute<{ sealed: number }>(sql`select seal_audit(${BATCH}) as sealed`))).sealed,
    async listUnsignedHeads() {
      const rows = await run((db) =>
        db
          .select()
          .from(auditHeads)
          .where(lt(auditHeads.signedSequence, auditHeads.sequence))
          .orderBy(auditHeads.chain)
          .limit(BATCH),
      );
      return rows.map(readHead);
    },
    async signHead({ chain, sequence }, kid, mac) {
      await run((db) =>
        db
          .update(auditHeads)
          .set({ signedSequence: sequence, kid, mac })
          .where(and(eq(auditHeads.chain, chain), lt(auditHeads.signedSequence, sequence))),
      );
    },
    async listSealed(chain, after, limit) {
      const rows = await run((db) =>
        db
          .select({
            id: auditEntries.id,
            entry: auditEntries.entry,
            sequence: auditEntries.sequence,
            hash: auditEntries.hash,
          })
          .from(auditEntries)
          .where(and(eq(auditEntries.chain, chain), isNotNull(auditEntries.sequence), gt(auditEntries.sequence, after)))
          .orderBy(asc(auditEntries.sequence))
          .limit(limit),
      );
      return rows.flatMap(({ sequence, hash, ...row }) => (sequence && hash ? [{ ...row, sequence, hash }] : []));
    },
  };
}

export function createAuditReading({ run }: Database): AuditReadPort {
  return {
    async listChains(after) {
      const { rows } = await run((db) =>
        db.execute<{ chain: string }>(sql`
          select chain from ${auditHeads} where chain > ${after}
            union select chain from ${auditEntries} where chain > ${after} and sequence is not null
          order by chain limit ${BATCH}`),
      );
      return rows.map(({ chain }) => chain);
    },
    async readHead(chain) {
      const [row] = await run((db) => db.select().from(auditHeads).where(eq(auditHeads.chain, chain)));
      return row && readHead(row);
    },
    listNewest: (chain, limit) =>
      run((db) =>
        db
          .select({ id: auditEntries.id, entry: auditEntries.entry })
          .from(auditEntries)
          .where(eq(auditEntries.chain, chain))
          .orderBy(desc(auditEntries.id))
          .limit(limit),
      ),
    async countUnsealed() {
      const [row] = await run((db) =>
        db.select({ amount: count() }).from(auditEntries).where(isNull(auditEntries.sequence)),
      );
      return row?.amount ?? 0;
    },
  };
}
