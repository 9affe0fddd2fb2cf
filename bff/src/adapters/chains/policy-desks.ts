import type * as z from "zod";
import { AlgorandPolicy, SolanaPolicy } from "../../contract/index.ts";
import { familyOf, type NetworkFamily, type NetworkName } from "../../domain/network.ts";
import { ALGORAND_CATALOGUE } from "../../domain/policy/catalogue-algorand.ts";
import { SOLANA_CATALOGUE } from "../../domain/policy/catalogue.ts";
import { type LintContext, lintPolicy, type PolicyFinding } from "../../domain/policy/lint.ts";
import { success } from "../../domain/result.ts";
import type { PolicyDesk } from "../../ports.ts";
import { lintAlgorandPolicy } from "./algorand/policy/lint.ts";
import { readDocument } from "./policy-language.ts";

type FixableFinding<Document> = PolicyFinding & { readonly fix: { readonly apply: (document: Document) => Document } };

function createPolicyDesk<Document>(
  about: Pick<PolicyDesk, "catalogue" | "takesPrograms">,
  schema: z.ZodType<Document>,
  lint: (document: Document, context: LintContext) => readonly FixableFinding<Document>[],
): PolicyDesk {
  return {
    ...about,
    read(given) {
      const read = readDocument(schema, given);
      if (!read.ok) return read;
      const document = read.value;
      return success({
        document,
        lint: (context: LintContext) => lint(document, context),
        mend: (context: LintContext) =>
          lint(document, context).reduce((mended, { fix }) => fix.apply(mended), document),
      });
    },
  };
}

/** Beside the families, not in them: who decides about transactions has no use for lints and templates. */
const DESKS: { readonly [Family in NetworkFamily]?: PolicyDesk } = {
  solana: createPolicyDesk({ catalogue: SOLANA_CATALOGUE, takesPrograms: true }, SolanaPolicy, lintPolicy),
  algorand: createPolicyDesk(
    { catalogue: ALGORAND_CATALOGUE, takesPrograms: false },
    AlgorandPolicy,
    lintAlgorandPolicy,
  ),
};

export const policyDeskOf = (network: NetworkName): PolicyDesk | undefined => DESKS[familyOf(network)];
