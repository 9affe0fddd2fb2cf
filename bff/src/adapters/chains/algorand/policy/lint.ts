import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import { type LintContext, runLints } from "../../../../domain/policy/lint.ts";
import { allowlistLints } from "./lints/allowlist.ts";
import { boundLints } from "./lints/bounds.ts";
import type { AlgorandLint } from "./lints/lint-entries.ts";
import { reachLints } from "./lints/reach.ts";

export const ALGORAND_LINTS: readonly AlgorandLint[] = [...allowlistLints, ...reachLints, ...boundLints];

/** Everything that a policy says and its author hardly means, errors first. */
export const lintAlgorandPolicy = (document: AlgorandPolicy, context: LintContext) =>
  runLints(ALGORAND_LINTS, document, context);
