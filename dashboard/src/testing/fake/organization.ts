import type { Invitation, Member } from "../../../../bff/src/contract/manage/organizations.ts";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { FAKE_CODE, daysAgo, fakeAddress, fakeId, type FakeOptions, minutesAgo, USER_ID, WALLET } from "./world.ts";

const WEEK_MINUTES = 10_080;
const TAKEN_WALLET = /^(?:solana:[1-9A-HJ-NP-Za-km-z]{32,44}|algorand:[A-Z2-7]{58})$/;

/** Members, invitations and sponsors of the organization. */
export function organizationFake({ role, state }: FakeOptions): FakeHandlers {
  const members: Member[] = [
    { userId: USER_ID, role, wallets: [WALLET], joinedAt: daysAgo(90), lastSeenAt: minutesAgo(0) },
  ];
  const invitations: Invitation[] = [];
  const sponsors: ManagedSponsor[] = [];
  if (state === "busy") {
    members.unshift(
      {
        userId: fakeId("usr", 3),
        role: "billing",
        wallets: [`algorand:${"GASLESS".repeat(8)}AB`],
        joinedAt: daysAgo(3),
        lastSeenAt: null,
      },
      {
        userId: fakeId("usr", 2),
        role: role === "owner" ? "developer" : "owner",
        wallets: [`solana:${fakeAddress(2)}`],
        joinedAt: daysAgo(40),
        lastSeenAt: minutesAgo(190),
      },
    );
    invitations.push(
      {
        id: fakeId("inv", 2),
        role: "viewer",
        note: "The auditors",
        wallet: null,
        state: "open",
        createdAt: daysAgo(1),
        expiresAt: minutesAgo(-WEEK_MINUTES + 1440),
      },
      {
        id: fakeId("inv", 1),
        role: "developer",
        note: null,
        wallet: `solana:${fakeAddress(2)}`,
        state: "accepted",
        createdAt: daysAgo(41),
        expiresAt: daysAgo(34),
      },
    );
    sponsors.push(...fakeSponsors());
  }
  return {
    readOrganization: () => ({
      organization: { id: fakeId("org", 1), name: "Night Market", version: "1", createdAt: daysAgo(90) },
      role,
    }),
    changeOrganization: ({ params, body }) => ({
      id: params.organizationId,
      name: body.name,
      version: String(Number(body.version) + 1),
      createdAt: daysAgo(90),
    }),
    listMembers: () => ({ data: members, nextCursor: null }),
    changeMember: ({ params, body }) => {
      const index = members.findIndex(({ userId }) => userId === params.userId);
      const member = members[index];
      if (!member) throw new FakeProblem(404, "request.not_found", "There is no such member.");
      const changed = { ...member, role: body.role };
      members[index] = changed;
      return changed;
    },
    removeMember: ({ params }) => {
      const index = members.findIndex(({ userId }) => userId === params.userId);
      if (members[index]?.role === "owner") {
        throw new FakeProblem(409, "manage.last_owner", "The last owner of an organization cannot leave it.");
      }
      members.splice(index, 1);
      return undefined;
    },
    listInvitations: () => ({ data: invitations, nextCursor: null }),
    createInvitation: ({ body }) => {
      if (body.wallet !== undefined && !TAKEN_WALLET.test(body.wallet)) {
        const detail = "must be <family>:<address>, of a network that is served here";
        throw new FakeProblem(422, "request.invalid", "The wallet cannot be read.", [{ pointer: "/wallet", detail }]);
      }
      const invitation: Invitation = {
        id: fakeId("inv", 10 + invitations.length),
        role: body.role,
        note: body.note ?? null,
        wallet: body.wallet ?? null,
        state: "open",
        createdAt: minutesAgo(0),
        expiresAt: minutesAgo(-WEEK_MINUTES),
      };
      invitations.unshift(invitation);
      return { ...invitation, code: FAKE_CODE };
    },
    revokeInvitation: ({ params }) => {
      const index = invitations.findIndex(({ id }) => id === params.invitationId);
      const invitation = invitations[index];
      if (invitation) invitations[index] = { ...invitation, state: "revoked" };
      return undefined;
    },
    listOrganizationSponsors: () => ({ data: sponsors }),
  };
}

/** One that lasts, one that does not, and one that has never paid. */
function fakeSponsors(): ManagedSponsor[] {
  const common = { state: "active", isMember: true, canSign: true, observedAt: minutesAgo(2) } as const;
  return [
    {
      ...common,
      id: fakeId("spn", 1),
      network: "solana:devnet",
      address: fakeAddress(11),
      balance: "8421005000",
      balanceFloor: "50000000",
      spentPerDay: "186400000",
      runwayDays: 44.9,
    },
    {
      ...common,
      id: fakeId("spn", 2),
      network: "solana:devnet",
      address: fakeAddress(12),
      balance: "402000000",
      balanceFloor: "50000000",
      spentPerDay: "93200000",
      runwayDays: 3.8,
    },
    {
      ...common,
      id: fakeId("spn", 3),
      network: "algorand:testnet",
      address: `${"SPONSOR".repeat(8)}AB`,
      balance: "12400000",
      balanceFloor: "1000000",
      spentPerDay: "0",
      runwayDays: null,
    },
  ];
}
