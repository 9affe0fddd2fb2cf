import type { Session, SessionTokens, User } from "../../contract/index.ts";
import type { Project } from "../../domain/project.ts";
import { composeRefreshToken, refreshMacInput } from "../../domain/refresh-token.ts";
import { ACCESS_TOKEN_LIFE_SECONDS } from "../../domain/token-keys.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { SessionRecord, UserWallet } from "../../domain/session.ts";

export function viewSession(record: SessionRecord): Session {
  return {
    id: record.id,
    network: record.network,
    wallet: record.wallet,
    amr: [...record.amr],
    createdAt: record.createdAt.toISOString(),
    idleExpiresAt: record.idleExpiresAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
  };
}

export function viewUser(record: SessionRecord, wallets: readonly UserWallet[]): User {
  return { id: record.userId, wallets: [...wallets] };
}

/** The label under which a session's refresh tokens have their own key. */
export const refreshLabel = (sessionId: string): string => `gasless refresh v1 ${sessionId}`;

interface OpenSession {
  readonly project: Project;
  readonly origin: string;
  readonly session: SessionRecord;
  readonly wallets: readonly UserWallet[];
  readonly counter: number;
}

/** A fresh access token and the refresh token of `counter`. */
export async function issueTokens(ports: Ports, open: OpenSession): Promise<SessionTokens> {
  const { project, origin, session, wallets, counter } = open;
  const [kid = ""] = ports.secrets.kids;
  const claims = {
    projectId: project.id,
    userId: session.userId,
    sessionId: session.id,
    wallet: session.wallet,
    origin,
    amr: session.amr,
    keyThumbprint: session.keyThumbprint,
  };
  const [accessToken, mac] = await Promise.all([
    ports.tokens.issue(claims, ports.clock.nowMs()),
    ports.secrets.mac(kid, refreshLabel(session.id), refreshMacInput(project.id, session.id, counter)),
  ]);
  if (!mac) throw new AppError("internal.misconfigured", undefined, { cause: new Error("there is no secret") });
  return {
    accessToken,
    refreshToken: composeRefreshToken({ kid, sessionId: session.id, counter, mac }),
    tokenType: session.keyThumbprint === undefined ? "Bearer" : "DPoP",
    expiresIn: ACCESS_TOKEN_LIFE_SECONDS,
    user: viewUser(session, wallets),
    session: viewSession(session),
  };
}
