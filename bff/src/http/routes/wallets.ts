import { Hono } from "hono";
import { SessionRequest } from "../../contract/index.ts";
import { linkWallet, listWallets, unlinkWallet } from "../../services/auth/wallets.ts";
import { type AppEnv, portsOf } from "../context.ts";
import { activeProject, callerByToken } from "../middleware/caller.ts";
import { jsonBody } from "../middleware/json-body.ts";
import { origin } from "../middleware/origin.ts";
import { rateLimit } from "../middleware/rate-limit.ts";
import { parseBody } from "../parse.ts";

const byToken = [callerByToken, origin, activeProject] as const;

/** The wallets of a signed-in user: each of them can sign in. */
export const walletRoutes = new Hono<AppEnv>()
  .get("/v1/wallets", ...byToken, rateLimit("reading"), async (context) =>
    context.json(await listWallets(portsOf(context), context.get("claims"))),
  )
  .post("/v1/wallets", jsonBody, ...byToken, rateLimit("sign-in"), async (context) => {
    const body = parseBody(context, SessionRequest);
    const caller = {
      project: context.get("caller").project,
      claims: context.get("claims"),
      origin: context.get("origin"),
      isNonceBurnt: context.get("isNonceBurnt"),
      keyThumbprint: context.get("possession")?.keyThumbprint,
    };
    return context.json(await linkWallet(portsOf(context), caller, body), 201);
  })
  .delete("/v1/wallets/:wallet", ...byToken, rateLimit("reading"), async (context) => {
    const { project } = context.get("caller");
    await unlinkWallet(portsOf(context), project, context.get("claims"), context.req.param("wallet"));
    return context.body(null, 204);
  });
