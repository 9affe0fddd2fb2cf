import { readOverview } from "../../../services/manage/overview/read-overview.ts";
import type { Handlers } from "../handler.ts";

export const overviewHandlers: Handlers<"readOverview"> = {
  readOverview: ({ ports, store, params, query }) => readOverview(ports, store, params.projectId, query),
};
