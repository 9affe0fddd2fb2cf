CREATE TABLE "allotments" (
	"project_id" text NOT NULL,
	"network" text NOT NULL,
	"subject" text NOT NULL,
	"item" text NOT NULL,
	"relay_id" text NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "allotments_project_id_network_subject_item_pk" PRIMARY KEY("project_id","network","subject","item")
);
--> statement-breakpoint
ALTER TABLE "project_networks" ADD COLUMN "added_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "relays" ADD COLUMN "group_id" text;--> statement-breakpoint
ALTER TABLE "relays" ADD COLUMN "transaction_ids" text[];--> statement-breakpoint
ALTER TABLE "allotments" ADD CONSTRAINT "allotments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allotments" ADD CONSTRAINT "allotments_relay" FOREIGN KEY ("relay_id") REFERENCES "public"."relays"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "allotments_of_relay" ON "allotments" USING btree ("relay_id");--> statement-breakpoint
ALTER TABLE "relays" ADD CONSTRAINT "relays_group_is_complete" CHECK (("relays"."group_id" is null) = ("relays"."transaction_ids" is null)) NOT VALID;