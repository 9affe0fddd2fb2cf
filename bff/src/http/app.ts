import { Hono } from "hono";
import { AppError } from "../errors.ts";
import type { AppContext, AppEnv } from "./context.ts";
import { bodyLimit } from "./middleware/body-limit.ts";
import { cors } from "./middleware/cors.ts";
import { answerProblem } from "./middleware/problem.ts";
import { requestId } from "./middleware/request-id.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { manageRoutes } from "./manage/mount.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { operationRoutes } from "./routes/operations.ts";
import { relayRoutes } from "./routes/relays.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { walletRoutes } from "./routes/wallets.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The whole API. The order of mounting is its documentation. */
export const app = new Hono<AppEnv>()
  .onError((error, context: AppContext) => answerProblem(error, context))
  .notFound((context: AppContext) => answerProblem(notFound(context), context))
  .use(requestId)
  .use(securityHeaders)
  .use(cors)
  .use(bodyLimit)
  .route("/", signInRoutes)
  .route("/", sessionRoutes)
  .route("/", walletRoutes)
  .route("/", relayRoutes)
  .route("/", manageRoutes)
  .route("/", dashboardRoutes)
  .route("/", operationRoutes);

/** A path that is there under another method says so. */
function notFound({ req }: AppContext): AppError {
  const allowed = METHODS.filter((method) =>
    app.router.match(method, req.path)[0].some(([[, route]]) => route.method === method),
  );
  if (allowed.length === 0) return new AppError("request.not_found", "There is nothing at this address.");
  return new AppError("request.method_not_allowed", `This address answers ${allowed.join(", ")}.`, {
    headers: { Allow: allowed.join(", ") },
  });
}
