import { inject, test } from "vitest";
import { doubleSpend } from "./01-double-spend.ts";
import { oneKey } from "./03-one-key.ts";
import { lostAnswer } from "./06-lost-answer.ts";
import { tokenKeys } from "./18-token-keys.ts";
import { runDrill } from "./drill.ts";

/** In little, those of `npm run drills` that take seconds. Those of the dashboard have a file of their own, as has the fourth. */
test.each([doubleSpend, oneKey, lostAnswer, tokenKeys])("$title", { timeout: 120_000 }, (drill) =>
  runDrill(drill, { postgresUrl: inject("postgresUrl"), scale: "short" }),
);
