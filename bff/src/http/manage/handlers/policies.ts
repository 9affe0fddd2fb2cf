import type { NetworkName } from "../../../contract/index.ts";
import { AppError } from "../../../errors.ts";
import { assertKeepable } from "../../../services/manage/policies/assert-keepable.ts";
import { checkDocument } from "../../../services/manage/policies/check.ts";
import { explainDecision } from "../../../services/manage/policies/explain.ts";
import { publish, rollBack } from "../../../services/manage/policies/publish.ts";
import { readIdl } from "../../../services/manage/policies/read-idl.ts";
import { noNetwork, type Place, requireDesk } from "../../../services/manage/policies/require-desk.ts";
import type { Handlers } from "../handler.ts";

const placeOf = ({ projectId, network }: { readonly projectId: string; readonly network: NetworkName }): Place => ({
  projectId,
  network,
});

const noDraft = (): AppError => new AppError("request.not_found", "There is no such draft.");

/** What was asked for, or nowhere. @throws request.not_found */
function found<Value>(value: Value | undefined, missing: () => AppError): Value {
  if (value === undefined) throw missing();
  return value;
}

export const policyHandlers: Handlers<
  | "readPolicyCatalogue"
  | "listPolicies"
  | "readPolicy"
  | "checkPolicy"
  | "publishPolicy"
  | "rollBackPolicy"
  | "listDrafts"
  | "createDraft"
  | "readDraft"
  | "changeDraft"
  | "removeDraft"
  | "readIdl"
  | "explain"
> = {
  async readPolicyCatalogue({ ports, store, params }) {
    const desk = requireDesk(ports, params.network);
    found(await store.readInForce(placeOf(params)), noNetwork);
    return desk.catalogue;
  },
  listPolicies: async ({ store, params, query }) => found(await store.listPolicies(placeOf(params), query), noNetwork),
  async readPolicy({ store, params }) {
    const version = params.version === "current" ? "current" : Number(params.version);
    const policy = found(await store.readPolicy(placeOf(params), version), noNetwork);
    // Only documents that a schema has read are ever published.
    return { ...policy, document: policy.document as Record<string, unknown> };
  },
  checkPolicy: ({ ports, store, params, body }) =>
    checkDocument(ports, store, placeOf(params), body.document, body.against),
  publishPolicy: ({ ports, store, params, body }) => publish(ports, store, placeOf(params), body),
  rollBackPolicy: ({ ports, store, params, body }) => rollBack(ports, store, placeOf(params), body),
  listDrafts: async ({ store, params, query }) => found(await store.listDrafts(placeOf(params), query), noNetwork),
  createDraft({ ports, store, params, body }) {
    assertKeepable(body.document);
    return store.createDraft(placeOf(params), { id: ports.random.id("pol"), ...body });
  },
  readDraft: async ({ store, params }) => found(await store.readDraft(placeOf(params), params.draftId), noDraft),
  changeDraft({ store, params, body }) {
    assertKeepable(body.document);
    return store.changeDraft(placeOf(params), params.draftId, body);
  },
  async removeDraft({ store, params }) {
    if (!(await store.removeDraft(placeOf(params), params.draftId))) throw noDraft();
    return undefined;
  },
  readIdl: ({ ports, params, body }) => readIdl(ports, params.network, body),
  explain: ({ ports, store, project, body }) => explainDecision(ports, store, project.id, body),
};
