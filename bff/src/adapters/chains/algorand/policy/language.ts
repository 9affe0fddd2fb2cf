import { AlgorandPolicy } from "../../../../contract/index.ts";
import { createPolicyLanguage } from "../../policy-language.ts";
import { compileAlgorandPolicy } from "./compile.ts";

export const algorandPolicies = createPolicyLanguage(AlgorandPolicy, compileAlgorandPolicy);
