import type { CurrentSession, SessionList } from "../../contract/index.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { AccessClaims, SessionRecord, UserWallet } from "../../domain/session.ts";
import { viewSession, viewUser } from "./issue-tokens.ts";

/** The caller's session as it is now. @throws auth.session_revoked */
export async function requireSession(
  { store }: Pick<Ports, "store">,
  { projectId, sessionId, userId, keyThumbprint }: AccessClaims,
): Promise<{ session: SessionRecord; wallets: readonly UserWallet[] }> {
  const found = await store.readSession(projectId, sessionId);
  // A token that says otherwise than its session is none of ours.
  const isItsOwn = found?.session.userId === userId && found.session.keyThumbprint === keyThumbprint;
  if (!found || !isItsOwn) throw new AppError("auth.session_revoked", "The session has ended. Sign in again.");
  return found;
}

export async function readCurrentSession(ports: Ports, claims: AccessClaims): Promise<CurrentSession> {
  const { session, wallets } = await requireSession(ports, claims);
  return { user: viewUser(session, wallets), session: viewSession(session) };
}

export async function listSessions(ports: Ports, claims: AccessClaims): Promise<SessionList> {
  const sessions = await ports.store.listSessions(claims.projectId, claims.userId);
  if (!sessions.some(({ id }) => id === claims.sessionId)) await requireSession(ports, claims);
  return { data: sessions.map((session) => ({ ...viewSession(session), current: session.id === claims.sessionId })) };
}

/** Ends one of the user's sessions. @throws request.not_found */
export async function endSession(ports: Ports, claims: AccessClaims, sessionId: string): Promise<void> {
  if (sessionId !== claims.sessionId) await requireSession(ports, claims);
  const ended = await ports.store.revokeSessions(claims.projectId, claims.userId, sessionId);
  if (ended === 0) throw new AppError("request.not_found", "There is no such session.");
}

export async function endAllSessions(ports: Ports, claims: AccessClaims): Promise<void> {
  await requireSession(ports, claims);
  await ports.store.revokeSessions(claims.projectId, claims.userId);
}
