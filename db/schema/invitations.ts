import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns.ts";
import { organizations } from "./organizations.ts";

/** Codes that make a member, once. Only the SHA-256 of a code is kept. */
export const invitations = pgTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id),
    codeHash: bytes("code_hash").notNull().unique(),
    role: text("role", { enum: ["owner", "admin", "developer", "billing", "viewer"] }).notNull(),
    /** Who made it: it opens only while they could make it again. */
    invitedBy: text("invited_by").notNull(),
    note: text("note"),
    /** Only this wallet can accept it. */
    wallet: text("wallet"),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    index("invitations_of_organization").on(table.organizationId, table.id),
    check("invitations_role", sql`${table.role} in ('owner', 'admin', 'developer', 'billing', 'viewer')`),
  ],
);
