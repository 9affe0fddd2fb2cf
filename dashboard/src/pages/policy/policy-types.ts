import type { AnswerOf } from "../../api/types.ts";

/** A version of the policy with its document. */
export type PolicyVersionDetail = AnswerOf<"readPolicy">;
export type PolicyVersion = AnswerOf<"listPolicies">["data"][number];
export type Draft = AnswerOf<"readDraft">;
/** A draft in a list: without its document. */
export type DraftHead = AnswerOf<"listDrafts">["data"][number];
export type { PolicyCatalogue } from "../../../../bff/src/contract/manage/policies.ts";
