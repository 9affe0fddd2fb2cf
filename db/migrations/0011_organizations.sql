CREATE TABLE "allowed_wallets" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"address" text NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "allowed_wallets_project_id_network_address_pk" PRIMARY KEY("project_id","network","address")
);
--> statement-breakpoint
CREATE TABLE "claim_codes" (
	"code_hash" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"role" text NOT NULL,
	"invited_by" text NOT NULL,
	"note" text,
	"wallet" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_code_hash_unique" UNIQUE("code_hash"),
	CONSTRAINT "invitations_role" CHECK ("invitations"."role" in ('owner', 'admin', 'developer', 'billing', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"label" text NOT NULL,
	"input" jsonb NOT NULL,
	"progress" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"result" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"next_run_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp with time zone,
	"lease_token" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "jobs_kind" CHECK ("jobs"."kind" in ('import', 'backtest')),
	CONSTRAINT "jobs_state" CHECK ("jobs"."state" in ('queued', 'running', 'succeeded', 'failed', 'dead', 'discarded'))
);
--> statement-breakpoint
CREATE TABLE "key_uses" (
	"key_id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "members" (
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id"),
	CONSTRAINT "members_role" CHECK ("members"."role" in ('owner', 'admin', 'developer', 'billing', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"revision" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"name" text NOT NULL,
	"document" jsonb NOT NULL,
	"base_version" integer,
	"revision" bigint DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"relays" integer NOT NULL,
	"finalized" integer NOT NULL,
	"failed" integer NOT NULL,
	"expired" integer NOT NULL,
	"open" integer NOT NULL,
	"fee" numeric(78, 0) NOT NULL,
	"rent" numeric(78, 0) NOT NULL,
	"land_times" integer[] NOT NULL,
	CONSTRAINT "usage_hours_project_id_network_hour_pk" PRIMARY KEY("project_id","network","hour")
);
--> statement-breakpoint
CREATE TABLE "usage_refusals" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"code" text NOT NULL,
	"refused" integer NOT NULL,
	CONSTRAINT "usage_refusals_project_id_network_hour_code_pk" PRIMARY KEY("project_id","network","hour","code")
);
--> statement-breakpoint
CREATE TABLE "usage_users" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "usage_users_project_id_network_hour_user_id_pk" PRIMARY KEY("project_id","network","hour","user_id")
);
--> statement-breakpoint
DROP INDEX "project_keys_project";--> statement-breakpoint
ALTER TABLE "denied_accounts" ADD COLUMN "created_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "denied_accounts" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "actor" jsonb DEFAULT nullif(current_setting('gasless.actor', true), '')::jsonb;--> statement-breakpoint
ALTER TABLE "project_keys" ADD COLUMN "kind" text DEFAULT 'publishable' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_keys" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "project_keys" ADD COLUMN "scopes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_networks" ADD COLUMN "allowlist_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "organization_id" text;--> statement-breakpoint
ALTER TABLE "sponsors" ADD COLUMN "organization_id" text;--> statement-breakpoint
ALTER TABLE "allowed_wallets" ADD CONSTRAINT "allowed_wallets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_uses" ADD CONSTRAINT "key_uses_key_id_project_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."project_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_drafts" ADD CONSTRAINT "policy_drafts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_hours" ADD CONSTRAINT "usage_hours_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_refusals" ADD CONSTRAINT "usage_refusals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_users" ADD CONSTRAINT "usage_users_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allowed_wallets_expire" ON "allowed_wallets" USING btree ("expires_at") WHERE "allowed_wallets"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "invitations_of_organization" ON "invitations" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "jobs_of_project" ON "jobs" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("next_run_at") WHERE "jobs"."state" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "jobs_ended" ON "jobs" USING btree ("ended_at") WHERE "jobs"."ended_at" is not null;--> statement-breakpoint
CREATE INDEX "members_of_user" ON "members" USING btree ("user_id","organization_id");--> statement-breakpoint
CREATE INDEX "policy_drafts_of_network" ON "policy_drafts" USING btree ("project_id","network","id");--> statement-breakpoint
CREATE INDEX "usage_hours_hour" ON "usage_hours" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "usage_refusals_hour" ON "usage_refusals" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "usage_users_hour" ON "usage_users" USING btree ("hour");--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsors" ADD CONSTRAINT "sponsors_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decisions_by_code" ON "decisions" USING btree ("project_id","code","decided_at");--> statement-breakpoint
CREATE INDEX "decisions_by_verdict" ON "decisions" USING btree ("project_id","verdict","decided_at");--> statement-breakpoint
CREATE INDEX "decisions_of_wallet" ON "decisions" USING btree ("project_id","wallet","decided_at");--> statement-breakpoint
CREATE INDEX "decisions_of_relay" ON "decisions" USING btree ("relay_id") WHERE "decisions"."relay_id" is not null;--> statement-breakpoint
CREATE INDEX "decisions_by_account" ON "decisions" USING gin ("accounts");--> statement-breakpoint
CREATE INDEX "denied_accounts_expire" ON "denied_accounts" USING btree ("expires_at") WHERE "denied_accounts"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "projects_of_organization" ON "projects" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "relays_of_project" ON "relays" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "relays_by_state" ON "relays" USING btree ("project_id","state","id");--> statement-breakpoint
CREATE INDEX "relays_by_transaction" ON "relays" USING btree ("project_id","transaction_id");--> statement-breakpoint
CREATE INDEX "relays_by_group" ON "relays" USING btree ("project_id","group_id") WHERE "relays"."group_id" is not null;--> statement-breakpoint
CREATE INDEX "relays_created_at" ON "relays" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sponsors_of_organization" ON "sponsors" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "users_of_project" ON "users" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "project_keys_project" ON "project_keys" USING btree ("project_id","id");--> statement-breakpoint
ALTER TABLE "project_keys" ADD CONSTRAINT "project_keys_kind" CHECK ("project_keys"."kind" in ('publishable', 'secret'));--> statement-breakpoint
ALTER TABLE "project_keys" ADD CONSTRAINT "project_keys_scopes" CHECK (("project_keys"."kind" = 'secret') = (cardinality("project_keys"."scopes") > 0));