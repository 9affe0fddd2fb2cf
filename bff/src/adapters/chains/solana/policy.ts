import { SolanaPolicy } from "../../../contract/index.ts";
import { compilePolicy } from "../../../domain/policy/compile.ts";
import { createPolicyLanguage } from "../policy-language.ts";

export const solanaPolicies = createPolicyLanguage(SolanaPolicy, compilePolicy);
