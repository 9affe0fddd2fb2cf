import type { ManagedProject, ProjectChange } from "../../../../bff/src/contract/manage/projects.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { App } from "../../app/context.ts";

type Change = Omit<ProjectChange, "version">;

/**
 * Changes the project as it was seen. Its version goes on with origins, keys and policies too: when what is changed here
 * is as it was, that is no conflict. `isUntouched` tells of the project as it is now. @throws ApiProblem
 */
export async function saveProject(
  { api, refresh }: Pick<App, "api" | "refresh">,
  { id: projectId, version }: Pick<ManagedProject, "id" | "version">,
  change: Change,
  isUntouched: (now: ManagedProject) => boolean,
): Promise<ManagedProject> {
  const params = { projectId };
  const now = await api.call("readProject", { params });
  const body = { ...change, version: isUntouched(now) ? now.version : version };
  try {
    return await api.call("changeProject", { params, body });
  } catch (thrown) {
    // The page shows theirs, and the next try is made against it.
    if (thrown instanceof ApiProblem && thrown.code === "manage.conflict") await refresh();
    throw thrown;
  }
}
