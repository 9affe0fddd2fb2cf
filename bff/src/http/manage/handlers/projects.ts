import { AppError } from "../../../errors.ts";
import { assertNetworkFits, listNetworks } from "../../../services/manage/networks.ts";
import {
  assertMaySuspend,
  createManagedProject,
  readOrigin,
  requireManagedProject,
} from "../../../services/manage/projects.ts";
import type { Handlers } from "../handler.ts";

export const projectHandlers: Handlers<
  | "listProjects"
  | "createProject"
  | "readProject"
  | "changeProject"
  | "listOrigins"
  | "addOrigin"
  | "removeOrigin"
  | "listNetworks"
  | "putNetwork"
  | "removeNetwork"
> = {
  listProjects: ({ store, params, query: { environment, ...page } }) =>
    store.listProjects(params.organizationId, environment, page),
  createProject: ({ ports, store, params, body }) => createManagedProject(ports, store, params.organizationId, body),
  readProject: ({ store, params }) => requireManagedProject(store, params.projectId),
  async changeProject({ ports, store, access, params, body }) {
    if (body.status !== undefined) assertMaySuspend(access);
    const changed = await store.changeProject(params.projectId, body);
    ports.projects.forget(params.projectId);
    return changed;
  },
  listOrigins: async ({ store, params }) => ({
    data: (await store.listOrigins(params.projectId)).map((origin) => ({ origin })),
  }),
  async addOrigin({ ports, store, project, body }) {
    const origin = readOrigin(body.origin, project.environment);
    await store.addOrigin(project.id, origin);
    ports.projects.forget(project.id);
    return { origin };
  },
  async removeOrigin({ ports, store, params: { projectId, origin } }) {
    if (!(await store.removeOrigin(projectId, origin))) {
      throw new AppError("request.not_found", "The project does not have this origin.");
    }
    ports.projects.forget(projectId);
    return undefined;
  },
  listNetworks: ({ ports, store, project }) => listNetworks(ports, store, project),
  async putNetwork({ ports, store, project, params, body }) {
    assertNetworkFits(ports, project.environment, params.network);
    await store.putNetwork(project, params.network, body);
    ports.projects.forget(project.id);
    const { data } = await listNetworks(ports, store, project);
    const found = data.find(({ network }) => network === params.network);
    if (!found) throw new AppError("request.not_found", "The project does not have this network.");
    return found;
  },
  async removeNetwork({ ports, store, params: { projectId, network } }) {
    if (!(await store.removeNetwork(projectId, network))) {
      throw new AppError("request.not_found", "The project does not have this network.");
    }
    ports.projects.forget(projectId);
    return undefined;
  },
};
