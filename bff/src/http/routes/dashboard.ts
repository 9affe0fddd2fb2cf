import { Hono } from "hono";
import { AppError } from "../../errors.ts";
import type { WalletReach } from "../../ports.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";

/** Its names change with its content: what has been read once is right for ever. */
const FOR_EVER = "public, max-age=31536000, immutable";
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};
/** Folders and a name with a known ending; no dots but before endings, so no way out of the folder. */
const ASSET = /^(?:[\w-]+\/){0,2}[\w-]+\.(js|css)$/;

/**
 * Nothing but the dashboard's own files runs or styles, nobody but the API and the bridges of wallets on phones is asked, and
 * it is shown in no frame. `lit-html` makes every template; the widget brings a copy of its own, hence the duplicate, and a
 * policy for icons that wallets announce.
 */
const policyOf = ({ sources }: WalletReach): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", ...sources].join(" "),
    "img-src 'self' data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html gasless-wallet-icon 'allow-duplicates'",
  ].join("; ");

/** Where the page has room for the bridge. */
const BRIDGE = /(?<=<meta name="gasless-pera-bridge" content=")(?=")/;

/** Every address of the dashboard is the same page: what it shows is decided there. */
async function answerPage(context: AppContext): Promise<Response> {
  const { assets, wallets } = portsOf(context);
  const page = await assets.read("dashboard/index.html");
  context.header("Cache-Control", "no-cache");
  context.header("Content-Security-Policy", policyOf(wallets));
  // Whoever opens it gets no hold of its window; wallets that open one of their own can still answer. Source: HTML, COOP.
  context.header("Cross-Origin-Opener-Policy", "same-origin-allow-popups");
  // A URL that has been parsed holds no quote.
  return context.html(page.replace(BRIDGE, () => wallets.peraBridge ?? ""));
}

/** The page with which projects are managed. It holds no secret: what it shows comes by the management API. */
export const dashboardRoutes = new Hono<AppEnv>()
  .get("/dashboard/assets/:name{.+}", async (context) => {
    const name = context.req.param("name");
    const type = TYPES[ASSET.exec(name)?.[1] ?? ""];
    const file = type === undefined ? undefined : await portsOf(context).assets.find(`dashboard/assets/${name}`);
    if (type === undefined || file === undefined) {
      throw new AppError("request.not_found", "There is nothing at this address.");
    }
    context.header("Cache-Control", FOR_EVER);
    context.header("Content-Type", type);
    return context.body(file);
  })
  .on("GET", ["/dashboard", "/dashboard/*"], (context) => answerPage(context));
