import type { ManageSession, Me } from "../../contract/manage/organizations.ts";
import { ACCESS_TOKEN_LIFE_SECONDS } from "../../domain/token-keys.ts";
import type { ManageCaller } from "../../domain/manage.ts";
import type { ManageStore } from "../../manage-ports.ts";
import type { Ports } from "../../ports.ts";

type Member = Extract<ManageCaller, { readonly kind: "member" }>;

/** Who is signed in, and what they are a member of. */
export async function readMe(store: ManageStore, { userId }: Member): Promise<Me> {
  const { wallets, memberships, isClaimed } = await store.readMe(userId);
  return { user: { id: userId, wallets }, organizations: memberships, isClaimed };
}

/** A management token out of a session of the console's project. It ends with that session: rights are looked up each time. */
export async function openManageSession(
  { tokens, clock, api }: Pick<Ports, "tokens" | "clock" | "api">,
  store: ManageStore,
  member: Member,
): Promise<ManageSession> {
  const { userId, sessionId, wallet } = member;
  const claims = { userId, sessionId, wallet, origin: new URL(api).origin };
  const [accessToken, { user, organizations }] = await Promise.all([
    tokens.issueManagement(claims, clock.nowMs()),
    readMe(store, member),
  ]);
  return { accessToken, tokenType: "Bearer", expiresIn: ACCESS_TOKEN_LIFE_SECONDS, user, organizations };
}
