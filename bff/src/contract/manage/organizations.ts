import * as z from "zod";
import { Time, Wallet } from "../values.ts";
import { InvitationId, Line, OrganizationId, pageOf, Role, UserId, Version } from "./values.ts";

const CODE = /^[0-9A-Za-z_-]{16,128}$/;
const ClaimCode = z.string().regex(CODE, "must be a claim code as it was printed; `npm run claim` prints another");
const InvitationCode = z.string().regex(CODE, "must be the code of an invitation, as it was given");

export const Organization = z
  .object({ id: OrganizationId, name: z.string(), version: Version, createdAt: Time })
  .meta({ id: "Organization", description: "Who owns projects and sponsors" });
export type Organization = z.infer<typeof Organization>;

/** An organization as one of its members sees it. */
export const Membership = z.object({ organization: Organization, role: Role }).meta({ id: "Membership" });
export type Membership = z.infer<typeof Membership>;

export const ClaimRequest = z.strictObject({ code: ClaimCode, organization: Line(80).optional() });
export type ClaimRequest = z.infer<typeof ClaimRequest>;

export const ManageSessionRequest = z.strictObject({});

const Self = z.object({ id: UserId, wallets: z.array(Wallet) });

export const ManageSession = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresIn: z.int().meta({ description: "Seconds" }),
    user: Self,
    organizations: z.array(Membership),
  })
  .meta({ id: "ManageSession", description: "A management token and what it opens" });
export type ManageSession = z.infer<typeof ManageSession>;

export const Me = z
  .object({
    user: Self,
    organizations: z.array(Membership),
    /** False while the installation has no organization: then a claim code opens the first. */
    isClaimed: z.boolean(),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

export const NewOrganization = z.strictObject({ name: Line(80) });
export const OrganizationChange = z.strictObject({ version: Version, name: Line(80) });
export const OrganizationList = z.object({ data: z.array(Membership) }).meta({ id: "OrganizationList" });

export const Member = z
  .object({ userId: UserId, role: Role, wallets: z.array(Wallet), joinedAt: Time, lastSeenAt: Time.nullable() })
  .meta({ id: "Member" });
export type Member = z.infer<typeof Member>;
export const MemberList = pageOf("MemberList", Member);
export const MemberChange = z.strictObject({ role: Role });

export const Invitation = z
  .object({
    id: InvitationId,
    role: Role,
    note: z.string().nullable(),
    wallet: Wallet.nullable().meta({ description: "Only this wallet can accept it; null: whoever has the code" }),
    state: z.enum(["open", "accepted", "revoked", "expired"]),
    createdAt: Time,
    expiresAt: Time,
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof Invitation>;
export const InvitationList = pageOf("InvitationList", Invitation);
export const NewInvitation = z.strictObject({
  role: Role,
  note: Line(120).optional(),
  wallet: z.string().min(8).max(120).optional(),
  expiresInSeconds: z.int().min(300).max(2_592_000).default(604_800),
});
export const CreatedInvitation = Invitation.extend({
  code: z.string().meta({ description: "Shown once" }),
}).meta({ id: "CreatedInvitation" });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;
export const AcceptRequest = z.strictObject({ code: InvitationCode });
