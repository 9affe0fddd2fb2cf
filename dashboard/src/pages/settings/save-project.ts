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
  const save = (seen: string) => api.call("changeProject", { params, body: { ...change, version: seen } });
  try {
    return await save(version);
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || thrown.code !== "manage.conflict") throw thrown;
    const now = await api.call("readProject", { params });
    if (isUntouched(now)) return save(now.version);
    // The page shows theirs, and the next try is made against it.
    await refresh();
    throw thrown;
  }
}
