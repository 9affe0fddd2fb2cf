import { AppError } from "../../../errors.ts";
import { viewManagedRelay, viewManagedRelayDetail } from "../../../services/manage/traffic/view-managed-relay.ts";
import type { Handlers } from "../handler.ts";

/** @throws request.not_found */
function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new AppError("request.not_found", `There is no such ${what}.`);
  return value;
}

export const trafficHandlers: Handlers<
  | "listDecisions"
  | "readDecision"
  | "listRelays"
  | "readRelay"
  | "listUsers"
  | "readUser"
  | "revokeUserSessions"
  | "revokeSession"
> = {
  listDecisions: ({ store, params: { projectId }, query: { limit, cursor, ...filter } }) =>
    store.searchDecisions(projectId, filter, { limit, cursor }),
  readDecision: async ({ store, params: { projectId, decisionId } }) =>
    found(await store.readDecisionDetail(projectId, decisionId), "decision"),
  async listRelays({ store, params: { projectId }, query: { limit, cursor, ...filter } }) {
    const { data, nextCursor } = await store.searchRelays(projectId, filter, { limit, cursor });
    return { data: data.map(viewManagedRelay), nextCursor };
  },
  readRelay: async ({ store, params: { projectId, relayId } }) =>
    viewManagedRelayDetail(found(await store.readRelayDetail(projectId, relayId), "relay")),
  listUsers: ({ store, params: { projectId }, query: { limit, cursor, wallet } }) =>
    store.searchUsers(projectId, wallet, { limit, cursor }),
  readUser: async ({ store, params: { projectId, userId } }) =>
    found(await store.readUserDetail(projectId, userId), "user"),
  revokeUserSessions: async ({ store, params: { projectId, userId } }) => ({
    revoked: found(await store.revokeSessionsOf(projectId, { userId }), "user"),
  }),
  revokeSession: async ({ store, params: { projectId, sessionId } }) => ({
    revoked: found(await store.revokeSessionsOf(projectId, { sessionId }), "session"),
  }),
};
