import { CONSOLE_PROJECT_ID } from "../../contract/manage/console.ts";
import type { Actor, ManageCaller } from "../../domain/manage.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { countLookup, forgetLookup } from "../limits/take-limits.ts";

type CallerPorts = Pick<Ports, "tokens" | "clock" | "access" | "hash" | "limiter" | "api">;

export interface VerifiedCaller {
  readonly caller: ManageCaller;
  readonly actor: Actor;
}

/** A user of the console's project, by the claims of their access token. @throws auth.token_invalid for another project's */
export function asConsoleUser({ projectId, userId, sessionId, wallet }: AccessClaims): VerifiedCaller {
  if (projectId !== CONSOLE_PROJECT_ID) {
    throw new AppError("auth.token_invalid", "The access token is not of the console's project.");
  }
  return {
    caller: { kind: "member", userId, sessionId, wallet },
    actor: { kind: "member", id: userId, name: wallet },
  };
}

const SECRET_KEY = /^sk_(?:test|live)_[A-Za-z0-9]{30}$/;

/**
 * A secret key, or a management token sent from the API's own pages. What either may do is looked up for each call.
 * @throws auth.token_invalid, auth.token_expired, project.origin_not_allowed, and rate.limited where keys are guessed
 */
export function verifyManageToken(
  ports: CallerPorts,
  token: string,
  origin: string | undefined,
  clientAddress: string,
): Promise<VerifiedCaller> {
  return token.startsWith("sk_") ? verifyKey(ports, token, clientAddress) : verifyToken(ports, token, origin);
}

async function verifyKey(ports: CallerPorts, key: string, clientAddress: string): Promise<VerifiedCaller> {
  const keyInvalid = (): AppError => new AppError("auth.token_invalid", "The secret key is unknown, or has ended.");
  if (!SECRET_KEY.test(key)) throw keyInvalid();
  // Who guesses keys is stopped before SQL is asked again.
  countLookup(ports, clientAddress);
  const found = await ports.access.findSecretKey(await ports.hash.sha256(new TextEncoder().encode(key)));
  if (!found) throw keyInvalid();
  forgetLookup(ports, clientAddress);
  const { keyId, lastFour, ...known } = found;
  return {
    caller: { kind: "key", keyId, ...known },
    actor: { kind: "key", id: keyId, name: `…${lastFour}` },
  };
}

/** Says that a key was used, where that is news; only of calls that the limits let through: one too many costs no write. */
export function noteUse({ access, background }: Pick<Ports, "access" | "background">, caller: ManageCaller): void {
  if (caller.kind === "key" && caller.isUnnoted) background(access.touchKey(caller.keyId));
}

async function verifyToken(ports: CallerPorts, token: string, origin: string | undefined): Promise<VerifiedCaller> {
  const verified = await ports.tokens.verifyManagement(token, ports.clock.nowMs());
  if (!verified.ok) {
    throw verified.reason === "expired"
      ? new AppError("auth.token_expired", "The management token has expired. Open another management session.")
      : new AppError("auth.token_invalid", "The management token is not valid.");
  }
  const { userId, sessionId, wallet, origin: own } = verified.value;
  if (origin !== own || origin !== new URL(ports.api).origin) {
    throw new AppError("project.origin_not_allowed", "Management tokens are used from the dashboard's own pages.");
  }
  return {
    caller: { kind: "member", userId, sessionId, wallet },
    actor: { kind: "member", id: userId, name: wallet },
  };
}
