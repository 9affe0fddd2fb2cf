import { inject, test } from "vitest";
import { redisDown } from "./10-redis-down.ts";
import { clockSkew } from "./13-clock-skew.ts";
import { authReplay } from "./19-auth-replay.ts";
import { refreshReuse } from "./20-refresh-reuse.ts";
import { logCanaries } from "./35-log-canaries.ts";
import { runDrill } from "./drill.ts";

/** In little, those of `npm run drills` that are about who signs in and what is known of them. */
test.each([redisDown, clockSkew, authReplay, refreshReuse, logCanaries])("$title", { timeout: 120_000 }, (drill) =>
  runDrill(drill, { postgresUrl: inject("postgresUrl"), scale: "short" }),
);
