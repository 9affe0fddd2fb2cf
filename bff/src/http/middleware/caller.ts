import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import { assertActive, findProjectById, findProjectByKey } from "../../services/projects/find-project.ts";
import { type AppEnv, portsOf } from "../context.ts";

/** Who is calling: the project of the publishable key. */
export const callerByKey = createMiddleware<AppEnv>(async function callerByKey(context, next) {
  const key = context.req.header("Gasless-Key") ?? "";
  const found = await findProjectByKey(portsOf(context), key);
  context.set("caller", found);
  await next();
});

/** Who is calling: project, user and session of an access token, verified without asking anybody. */
export const callerByToken = createMiddleware<AppEnv>(async function callerByToken(context, next) {
  const ports = portsOf(context);
  const authorization = context.req.header("Authorization");
  if (authorization === undefined) throw new AppError("auth.token_missing", "This call needs an access token.");
  const [, token] = /^Bearer ([!-~]+)$/i.exec(authorization) ?? [];
  const verified = token === undefined ? undefined : await ports.tokens.verify(token, ports.clock.nowMs());
  if (!verified?.ok) {
    throw verified?.reason === "expired"
      ? new AppError("auth.token_expired", "The access token has expired. Refresh the session.")
      : new AppError("auth.token_invalid", "The access token is not valid.");
  }
  const claims = verified.value;
  const found = await findProjectById(ports, claims.projectId);
  const key = context.req.header("Gasless-Key") ?? "";
  if (key !== "") {
    const byKey = await findProjectByKey(ports, key);
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
