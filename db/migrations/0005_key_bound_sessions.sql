CREATE TABLE "former_wallets" (
	"project_id" text NOT NULL,
	"wallet" text NOT NULL,
	"budget_subject" text NOT NULL,
	"unlinked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "former_wallets_project_id_wallet_pk" PRIMARY KEY("project_id","wallet")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "requests_per_minute" integer DEFAULT 60000 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "address_sign_ins_per_minute" integer DEFAULT 120 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "key_thumbprint" text;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "is_budget_shared" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "budget_subject" text;--> statement-breakpoint
UPDATE "wallets" SET "budget_subject" = "user_id";--> statement-breakpoint
ALTER TABLE "wallets" ALTER COLUMN "budget_subject" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "former_wallets" ADD CONSTRAINT "former_wallets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;