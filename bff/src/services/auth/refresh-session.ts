import type { SessionTokens } from "../../contract/index.ts";
import { equalBytes } from "../../domain/bytes.ts";
import type { ErrorCode } from "../../contract/error-code.ts";
import type { Project } from "../../domain/project.ts";
import { parseRefreshToken, refreshMacInput } from "../../domain/refresh-token.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { RefreshOutcome } from "../../domain/session.ts";
import { issueTokens, refreshLabel } from "./issue-tokens.ts";

const REFUSED: Readonly<
  Record<Exclude<RefreshOutcome["outcome"], "rotated" | "repeated">, readonly [ErrorCode, string]>
> = {
  reused: ["auth.refresh_reused", "This refresh token had been used before. The session was ended: sign in again."],
  revoked: ["auth.session_revoked", "The session has ended. Sign in again."],
  expired: ["auth.token_expired", "The session has expired. Sign in again."],
  foreign_key: ["auth.proof_invalid", "The session is bound to a key: send a DPoP proof of that key."],
  foreign_origin: ["project.origin_not_allowed", "The session belongs to another origin."],
  invalid: ["auth.token_invalid", "The refresh token is not valid."],
};

export interface RefreshCaller {
  readonly project: Project;
  readonly keyId: string;
  readonly origin: string;
  /** Of the key that the caller has proved to hold. */
  readonly keyThumbprint: string | undefined;
}

/**
 * The next tokens of a session. Asking again with the token before the current one gives the same successor, of a Bearer
 * session for 30 seconds; otherwise an old token ends the session. A token that is not ours changes nothing, nor does
 * one without the key that the session is bound to.
 * @throws auth.token_invalid, auth.token_expired, auth.session_revoked, auth.refresh_reused, auth.proof_invalid
 */
export async function refreshSession(
  ports: Ports,
  { project, keyId, origin, keyThumbprint }: RefreshCaller,
  refreshToken: string,
): Promise<SessionTokens> {
  const token = parseRefreshToken(refreshToken);
  const expected =
    token &&
    (await ports.secrets.mac(
      token.kid,
      refreshLabel(token.sessionId),
      refreshMacInput(project.id, token.sessionId, token.counter),
    ));
  if (!token || !expected || !equalBytes(expected, token.mac)) {
    throw new AppError("auth.token_invalid", "The refresh token is not valid.");
  }
  const refreshed = await ports.store.refreshSession({
    projectId: project.id,
    keyId,
    sessionId: token.sessionId,
    counter: token.counter,
    origin,
    keyThumbprint,
  });
  if (refreshed.outcome !== "rotated" && refreshed.outcome !== "repeated") {
    throw new AppError(...REFUSED[refreshed.outcome]);
  }
  return issueTokens(ports, { project, origin, ...refreshed });
}
