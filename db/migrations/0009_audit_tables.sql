CREATE TABLE "audit_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"chain" text NOT NULL,
	"entry" text NOT NULL,
	"sequence" bigint,
	"hash" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_entries_sequence" UNIQUE("chain","sequence"),
	CONSTRAINT "audit_entries_seal_is_whole" CHECK (("audit_entries"."sequence" is null) = ("audit_entries"."hash" is null))
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"chain" text PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"signed_sequence" bigint DEFAULT 0 NOT NULL,
	"kid" text,
	"mac" "bytea"
);
--> statement-breakpoint
CREATE INDEX "audit_entries_of_chain" ON "audit_entries" USING btree ("chain","id");--> statement-breakpoint
CREATE INDEX "audit_entries_unsealed" ON "audit_entries" USING btree ("id") WHERE "audit_entries"."sequence" is null;--> statement-breakpoint
CREATE INDEX "audit_heads_unsigned" ON "audit_heads" USING btree ("chain") WHERE "audit_heads"."signed_sequence" < "audit_heads"."sequence";