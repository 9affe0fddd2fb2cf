CREATE TABLE "alerts" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"summary" text NOT NULL,
	"context" jsonb NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"notified_state" text,
	"notified_at" timestamp with time zone,
	"failed_deliveries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "alerts_kind_subject_pk" PRIMARY KEY("kind","subject")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"user_id" text NOT NULL,
	"wallet" text NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	"policy_version" integer,
	"message_hash" "bytea",
	"transaction" "bytea" NOT NULL,
	"accounts" text[] NOT NULL,
	"verdict" text NOT NULL,
	"code" text,
	"context" jsonb,
	"fee" numeric(78, 0),
	"rent" numeric(78, 0),
	"relay_id" text,
	CONSTRAINT "decisions_verdict" CHECK ("decisions"."verdict" in ('sponsor', 'refuse')),
	CONSTRAINT "decisions_refusal_has_code" CHECK (("decisions"."verdict" = 'refuse') = ("decisions"."code" is not null))
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"name" text PRIMARY KEY NOT NULL,
	"beat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "project_sponsors" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"sponsor_id" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "project_sponsors_project_id_network_sponsor_id_pk" PRIMARY KEY("project_id","network","sponsor_id")
);
--> statement-breakpoint
CREATE TABLE "sponsor_balances" (
	"sponsor_id" text PRIMARY KEY NOT NULL,
	"balance" numeric(78, 0),
	"slot" bigint,
	"observed_at" timestamp with time zone,
	"fetch_errors" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sponsor_checks" (
	"sponsor_id" text NOT NULL,
	"slot" bigint NOT NULL,
	"balance" numeric(78, 0) NOT NULL,
	"observed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"charged" numeric(78, 0),
	"difference" numeric(78, 0),
	"judged_at" timestamp with time zone,
	CONSTRAINT "sponsor_checks_sponsor_id_slot_pk" PRIMARY KEY("sponsor_id","slot")
);
--> statement-breakpoint
ALTER TABLE "limits" DROP CONSTRAINT "limits_one_of_a_kind";--> statement-breakpoint
ALTER TABLE "limits" DROP CONSTRAINT "limits_subject_kind";--> statement-breakpoint
ALTER TABLE "project_networks" DROP CONSTRAINT "project_networks_sponsor";
--> statement-breakpoint
ALTER TABLE "limits" ALTER COLUMN "project_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "limits" ADD COLUMN "sponsor_id" text;--> statement-breakpoint
ALTER TABLE "sponsors" ADD COLUMN "state_changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "sponsors" ADD COLUMN "balance_floor" numeric(78, 0) DEFAULT 5000000 NOT NULL;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_sponsors" ADD CONSTRAINT "project_sponsors_network" FOREIGN KEY ("project_id","network") REFERENCES "public"."project_networks"("project_id","network") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_sponsors" ADD CONSTRAINT "project_sponsors_sponsor" FOREIGN KEY ("sponsor_id","network") REFERENCES "public"."sponsors"("id","network") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsor_balances" ADD CONSTRAINT "sponsor_balances_sponsor_id_sponsors_id_fk" FOREIGN KEY ("sponsor_id") REFERENCES "public"."sponsors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsor_checks" ADD CONSTRAINT "sponsor_checks_sponsor_id_sponsors_id_fk" FOREIGN KEY ("sponsor_id") REFERENCES "public"."sponsors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decisions_of_project" ON "decisions" USING btree ("project_id","decided_at");--> statement-breakpoint
CREATE INDEX "decisions_decided_at" ON "decisions" USING btree ("decided_at");--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_sponsor_id_sponsors_id_fk" FOREIGN KEY ("sponsor_id") REFERENCES "public"."sponsors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "limits_of_sponsor" ON "limits" USING btree ("sponsor_id");--> statement-breakpoint
CREATE INDEX "relays_of_sponsor" ON "relays" USING btree ("network","sponsor","slot");--> statement-breakpoint
CREATE INDEX "relays_overcharged" ON "relays" USING btree ("id") WHERE "relays"."charged_fee" > "relays"."quoted_fee" or "relays"."charged_rent" > "relays"."quoted_rent";--> statement-breakpoint
DROP TRIGGER keep_previous_sponsor ON project_networks;--> statement-breakpoint
DROP FUNCTION keep_previous_sponsor();--> statement-breakpoint
-- Every project keeps who pays for it, and for its five minutes who paid before.
INSERT INTO project_sponsors (project_id, network, sponsor_id) SELECT project_id, network, sponsor_id FROM project_networks;--> statement-breakpoint
INSERT INTO project_sponsors (project_id, network, sponsor_id, removed_at)
  SELECT project_id, network, previous_sponsor_id, sponsor_changed_at FROM project_networks
  WHERE previous_sponsor_id IS NOT NULL ON CONFLICT DO NOTHING;--> statement-breakpoint
ALTER TABLE "project_networks" DROP COLUMN "sponsor_id";--> statement-breakpoint
ALTER TABLE "project_networks" DROP COLUMN "previous_sponsor_id";--> statement-breakpoint
ALTER TABLE "project_networks" DROP COLUMN "sponsor_changed_at";--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_one_of_a_kind" UNIQUE NULLS NOT DISTINCT("project_id","sponsor_id","network","subject_kind","window","unit");--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_owner" CHECK (("limits"."subject_kind" = 'sponsor') = ("limits"."sponsor_id" is not null) and ("limits"."project_id" is null) = ("limits"."sponsor_id" is not null));--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_subject_kind" CHECK ("limits"."subject_kind" in ('user', 'project', 'policy', 'sponsor'));--> statement-breakpoint
ALTER TABLE "sponsors" ADD CONSTRAINT "sponsors_balance_floor" CHECK ("sponsors"."balance_floor" >= 0);--> statement-breakpoint
ALTER TABLE "sponsors" DROP CONSTRAINT "sponsors_network_address";--> statement-breakpoint
ALTER TABLE "sponsors" ADD CONSTRAINT "sponsors_address" UNIQUE("address");--> statement-breakpoint
CREATE INDEX "relays_rejected" ON "relays" USING btree ("created_at") WHERE "relays"."state" = 'rejected';
