import { parseInstructions } from "./parse-instructions.ts";

/** The data is the memo; each account must have signed. Source: Memo 1, 3 and 4 refuse what is not UTF-8. */
export const MEMO_INSTRUCTIONS = parseInstructions("memo - memo:text | ...signers");
