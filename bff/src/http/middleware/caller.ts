import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import { proofInvalid, verifyPossession } from "../../services/auth/possession.ts";
import type { Possession } from "../../ports.ts";
import { assertActive, findProjectById, findProjectByKey } from "../../services/projects/find-project.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";

/** The proof in `DPoP`, for this very call. Two of them are none. @throws auth.proof_invalid */
function requirePossession(context: AppContext, accessToken?: string): Promise<Possession> {
  const proof = context.req.header("DPoP");
  if (proof === undefined) throw proofInvalid("This call needs a DPoP proof of the key that it is bound to.");
  const { method, url } = context.req;
  const path = new URL(url).pathname;
  return verifyPossession(portsOf(context), proof, { method, path, accessToken });
}

/** Who is calling: the project of the publishable key. */
export const callerByKey = createMiddleware<AppEnv>(async function callerByKey(context, next) {
  const key = context.req.header("Gasless-Key") ?? "";
  const found = await findProjectByKey(portsOf(context), key, context.env.deployment.clientAddress);
  context.set("caller", found);
  await next();
});

/** A key that wants to be bound, or is bound, proves itself; who shows none is not bound. */
export const keyPossession = createMiddleware<AppEnv>(async function keyPossession(context, next) {
  if (context.req.header("DPoP") !== undefined) context.set("possession", await requirePossession(context));
  await next();
});

/** The token of `Authorization`, and whether it is said to be bound to a key. @throws auth.token_missing, .token_invalid */
function readAuthorization(context: AppContext): { readonly token: string; readonly isBound: boolean } {
  const authorization = context.req.header("Authorization");
  if (authorization === undefined) throw new AppError("auth.token_missing", "This call needs an access token.");
  const [, scheme, token] = /^(Bearer|DPoP) ([A-Za-z0-9_.-]+)$/i.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) throw tokenInvalid();
  return { token, isBound: scheme.toLowerCase() === "dpop" };
}

const tokenInvalid = (): AppError => new AppError("auth.token_invalid", "The access token is not valid.");

/** Who is calling: project, user and session of an access token, verified without asking anybody. */
export const callerByToken = createMiddleware<AppEnv>(async function callerByToken(context, next) {
  const ports = portsOf(context);
  const { token, isBound } = readAuthorization(context);
  const verified = await ports.tokens.verify(token, ports.clock.nowMs());
  if (!verified.ok) {
    throw verified.reason === "expired"
      ? new AppError("auth.token_expired", "The access token has expired. Refresh the session.")
      : tokenInvalid();
  }
  const claims = verified.value;
  if (isBound && claims.keyThumbprint === undefined) {
    throw new AppError("auth.token_invalid", "The access token is bound to no key: send it as Bearer.");
  }
  if (claims.keyThumbprint !== undefined) {
    if (!isBound) throw proofInvalid("The access token is bound to a key: send it as DPoP, with a proof of that key.");
    const possession = await requirePossession(context, token);
    if (possession.keyThumbprint !== claims.keyThumbprint) throw proofInvalid("The DPoP proof is of another key.");
    context.set("possession", possession);
  }
  const found = await findProjectById(ports, claims.projectId);
  const key = context.req.header("Gasless-Key") ?? "";
  if (key !== "") {
    const byKey = await findProjectByKey(ports, key, context.env.deployment.clientAddress);
    if (byKey.project.id !== found.project.id) {
      throw new AppError("project.key_invalid", "The key in Gasless-Key is of another project than the token.");
    }
  }
  context.set("caller", found);
  context.set("claims", claims);
  await next();
});

/** Runs behind origin, so that a foreign page learns nothing of the project's state. */
export const activeProject = createMiddleware<AppEnv>(async function activeProject(context, next) {
  assertActive(context.get("caller").project);
  await next();
});
