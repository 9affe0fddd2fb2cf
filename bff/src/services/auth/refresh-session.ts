import type { SessionTokens } from "../../contract/index.ts";
import { equalBytes } from "../../domain/bytes.ts";
import type { ErrorCode } from "../../contract/error-code.ts";
import type { Project } from "../../domain/project.ts";
import { parseRefreshToken, refreshMacInput } from "../../domain/refresh-token.ts";
import { AppError } from "../../errors.ts";
import type { Ports, RefreshOutcome } from "../../ports.ts";
import { issueTokens, refreshLabel } from "./issue-tokens.ts";

const REFUSED: Readonly<
  Record<Exclude<RefreshOutcome["outcome"], "rotated" | "repeated">, readonly [ErrorCode, string]>
> = {
  reused: ["auth.refresh_reused", "This refresh token had been used before. The session was ended: sign in again."],
  revoked: ["auth.session_revoked", "The session has ended. Sign in again."],
  expired: ["auth.token_expired", "The session has expired. Sign in again."],
  foreign_origin: ["project.origin_not_allowed", "The session belongs to another origin."],
  invalid: ["auth.token_invalid", "The refresh token is not valid."],
};

/**
 * The next tokens of a session. Asking again with the same token within 30 seconds gives the same successor; later
 * it ends the session. A token that is not ours changes nothing.
 * @throws auth.token_invalid, auth.token_expired, auth.session_revoked, auth.refresh_reused
 */
export async function refreshSession(
  ports: Ports,
  { project, keyId, origin }: { project: Project; keyId: string; origin: string },
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
  });
  if (refreshed.outcome !== "rotated" && refreshed.outcome !== "repeated") {
    throw new AppError(...REFUSED[refreshed.outcome]);
  }
  return issueTokens(ports, { project, origin, ...refreshed });
}
