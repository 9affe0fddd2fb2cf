CREATE TABLE "denied_accounts" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"address" text NOT NULL,
	"note" text,
	CONSTRAINT "denied_accounts_project_id_network_address_pk" PRIMARY KEY("project_id","network","address")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"project_id" text NOT NULL,
	"user_id" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"relay_id" text NOT NULL,
	"refusal_status" integer,
	"refusal_body" text,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_project_id_user_id_route_key_pk" PRIMARY KEY("project_id","user_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "limit_usage" (
	"limit_id" text NOT NULL,
	"subject" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"used" numeric(78, 0) DEFAULT 0 NOT NULL,
	"held" numeric(78, 0) DEFAULT 0 NOT NULL,
	CONSTRAINT "limit_usage_limit_id_subject_window_start_pk" PRIMARY KEY("limit_id","subject","window_start"),
	CONSTRAINT "limit_usage_used" CHECK ("limit_usage"."used" >= 0),
	CONSTRAINT "limit_usage_held" CHECK ("limit_usage"."held" >= 0)
);
--> statement-breakpoint
CREATE TABLE "limits" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"subject_kind" text NOT NULL,
	"window" text NOT NULL,
	"unit" text NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	CONSTRAINT "limits_one_of_a_kind" UNIQUE("project_id","network","subject_kind","window","unit"),
	CONSTRAINT "limits_subject_kind" CHECK ("limits"."subject_kind" in ('user', 'project')),
	CONSTRAINT "limits_window" CHECK ("limits"."window" in ('hour', 'day', 'month', 'lifetime')),
	CONSTRAINT "limits_unit" CHECK ("limits"."unit" in ('relays', 'fee', 'rent')),
	CONSTRAINT "limits_amount" CHECK ("limits"."amount" >= 0)
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policies_project_id_network_version_pk" PRIMARY KEY("project_id","network","version"),
	CONSTRAINT "policies_version" CHECK ("policies"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "project_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"last_four" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "project_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "project_networks" (
	"project_id" text NOT NULL,
	"environment" text NOT NULL,
	"network" text NOT NULL,
	"sponsor_id" text NOT NULL,
	"previous_sponsor_id" text,
	"sponsor_changed_at" timestamp with time zone,
	"policy_version" integer,
	"explorer" text,
	CONSTRAINT "project_networks_project_id_network_pk" PRIMARY KEY("project_id","network"),
	CONSTRAINT "project_networks_test_stays_off_mainnet" CHECK ("project_networks"."environment" = 'live' or ("project_networks"."network" not like '%:mainnet' and "project_networks"."network" not in ('eip155:1', 'eip155:10', 'eip155:56', 'eip155:137', 'eip155:8453', 'eip155:42161', 'eip155:43114')))
);
--> statement-breakpoint
CREATE TABLE "project_origins" (
	"project_id" text NOT NULL,
	"origin" text NOT NULL,
	CONSTRAINT "project_origins_project_id_origin_pk" PRIMARY KEY("project_id","origin"),
	CONSTRAINT "project_origins_origin" CHECK ("project_origins"."origin" ~ '^https?://[a-z0-9.:\[\]-]{1,253}$')
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"revision" bigint DEFAULT 1 NOT NULL,
	"statement" text NOT NULL,
	"theme" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"address_requests_per_minute" integer DEFAULT 1200 NOT NULL,
	"key_requests_per_minute" integer DEFAULT 60000 NOT NULL,
	"user_relays_per_minute" integer DEFAULT 300 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_id_environment" UNIQUE("id","environment"),
	CONSTRAINT "projects_environment" CHECK ("projects"."environment" in ('test', 'live')),
	CONSTRAINT "projects_status" CHECK ("projects"."status" in ('active', 'suspended')),
	CONSTRAINT "projects_statement_is_one_ascii_line" CHECK ("projects"."statement" ~ '^[ -~]+$' and length("projects"."statement") <= 300)
);
--> statement-breakpoint
CREATE TABLE "relay_holds" (
	"relay_id" text NOT NULL,
	"limit_id" text NOT NULL,
	"subject" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"unit" text NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	"charged" numeric(78, 0),
	CONSTRAINT "relay_holds_relay_id_limit_id_pk" PRIMARY KEY("relay_id","limit_id"),
	CONSTRAINT "relay_holds_amount" CHECK ("relay_holds"."amount" > 0),
	CONSTRAINT "relay_holds_charged" CHECK ("relay_holds"."charged" >= 0)
);
--> statement-breakpoint
CREATE TABLE "relays" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"user_id" text NOT NULL,
	"session_id" text NOT NULL,
	"network" text NOT NULL,
	"sponsor" text NOT NULL,
	"policy_version" integer NOT NULL,
	"state" text NOT NULL,
	"message_hash" "bytea" NOT NULL,
	"transaction" "bytea" NOT NULL,
	"transaction_id" text,
	"lifetime_end_height" bigint,
	"quoted_fee" numeric(78, 0) NOT NULL,
	"quoted_rent" numeric(78, 0) NOT NULL,
	"charged_fee" numeric(78, 0),
	"charged_rent" numeric(78, 0),
	"failure" jsonb,
	"slot" bigint,
	"checks" integer DEFAULT 0 NOT NULL,
	"next_check_at" timestamp with time zone NOT NULL,
	"lease_until" timestamp with time zone,
	"lease_token" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"signed_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "relays_state" CHECK ("relays"."state" in ('received', 'signed', 'submitted', 'confirmed', 'finalized', 'rejected', 'failed', 'expired')),
	CONSTRAINT "relays_signed_is_complete" CHECK ("relays"."state" in ('received', 'rejected') or ("relays"."transaction_id" is not null and "relays"."signed_at" is not null and "relays"."lifetime_end_height" is not null))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"user_id" text NOT NULL,
	"wallet" text NOT NULL,
	"network" text NOT NULL,
	"origin" text NOT NULL,
	"amr" text[] NOT NULL,
	"key_id" text NOT NULL,
	"refresh_counter" integer DEFAULT 0 NOT NULL,
	"refreshed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"idle_expires_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sponsors" (
	"id" text PRIMARY KEY NOT NULL,
	"network" text NOT NULL,
	"address" text NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sponsors_network_address" UNIQUE("network","address"),
	CONSTRAINT "sponsors_id_network" UNIQUE("id","network"),
	CONSTRAINT "sponsors_state" CHECK ("sponsors"."state" in ('active', 'draining', 'retired'))
);
--> statement-breakpoint
CREATE TABLE "used_challenges" (
	"project_id" text NOT NULL,
	"nonce" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_challenges_project_id_nonce_pk" PRIMARY KEY("project_id","nonce")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_id_project" UNIQUE("id","project_id")
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"project_id" text NOT NULL,
	"wallet" text NOT NULL,
	"user_id" text NOT NULL,
	"linked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallets_project_id_wallet_pk" PRIMARY KEY("project_id","wallet")
);
--> statement-breakpoint
ALTER TABLE "denied_accounts" ADD CONSTRAINT "denied_accounts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_relay_id_relays_id_fk" FOREIGN KEY ("relay_id") REFERENCES "public"."relays"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user" FOREIGN KEY ("user_id","project_id") REFERENCES "public"."users"("id","project_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "limit_usage" ADD CONSTRAINT "limit_usage_limit_id_limits_id_fk" FOREIGN KEY ("limit_id") REFERENCES "public"."limits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_keys" ADD CONSTRAINT "project_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_networks" ADD CONSTRAINT "project_networks_project" FOREIGN KEY ("project_id","environment") REFERENCES "public"."projects"("id","environment") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_networks" ADD CONSTRAINT "project_networks_sponsor" FOREIGN KEY ("sponsor_id","network") REFERENCES "public"."sponsors"("id","network") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_networks" ADD CONSTRAINT "project_networks_policy" FOREIGN KEY ("project_id","network","policy_version") REFERENCES "public"."policies"("project_id","network","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_origins" ADD CONSTRAINT "project_origins_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_holds" ADD CONSTRAINT "relay_holds_relay_id_relays_id_fk" FOREIGN KEY ("relay_id") REFERENCES "public"."relays"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relay_holds" ADD CONSTRAINT "relay_holds_usage" FOREIGN KEY ("limit_id","subject","window_start") REFERENCES "public"."limit_usage"("limit_id","subject","window_start") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relays" ADD CONSTRAINT "relays_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relays" ADD CONSTRAINT "relays_user" FOREIGN KEY ("user_id","project_id") REFERENCES "public"."users"("id","project_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_key_id_project_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."project_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user" FOREIGN KEY ("user_id","project_id") REFERENCES "public"."users"("id","project_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "used_challenges" ADD CONSTRAINT "used_challenges_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_user" FOREIGN KEY ("user_id","project_id") REFERENCES "public"."users"("id","project_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_keys_relay" ON "idempotency_keys" USING btree ("relay_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_at" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "project_keys_project" ON "project_keys" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "relays_message_once" ON "relays" USING btree ("network","message_hash") WHERE "relays"."state" <> 'rejected';--> statement-breakpoint
CREATE INDEX "relays_of_user" ON "relays" USING btree ("project_id","user_id","id");--> statement-breakpoint
CREATE INDEX "relays_due" ON "relays" USING btree ("network","next_check_at") WHERE "relays"."state" in ('received', 'signed', 'submitted', 'confirmed');--> statement-breakpoint
CREATE INDEX "sessions_user_id" ON "sessions" USING btree ("project_id","user_id","id");--> statement-breakpoint
CREATE INDEX "used_challenges_expires_at" ON "used_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "wallets_user_id" ON "wallets" USING btree ("project_id","user_id");