import { AppError } from "../../../errors.ts";
import { createKey, rollKey } from "../../../services/manage/keys.ts";
import type { Handlers } from "../handler.ts";

export const keyHandlers: Handlers<"listKeys" | "createKey" | "rollKey" | "revokeKey"> = {
  listKeys: ({ store, params, query }) => store.listKeys(params.projectId, query),
  createKey: ({ ports, store, access, caller, project, body }) =>
    createKey(ports, store, access, { caller, project }, body),
  rollKey: ({ ports, store, access, caller, project, params: { keyId }, body: { overlapSeconds } }) =>
    rollKey(ports, store, access, { caller, project }, { keyId, overlapSeconds }),
  async revokeKey({ ports, store, params: { projectId, keyId } }) {
    if (!(await store.revokeKey(projectId, keyId))) throw new AppError("request.not_found", "There is no such key.");
    ports.projects.forget(projectId);
    return undefined;
  },
};
