import { html } from "lit";
import type { App } from "../../app/context.ts";
import { ApiProblem } from "../../api/problem.ts";
import { confirm } from "../../ui/confirm.ts";
import { toast, toastError } from "../../ui/toast.ts";

interface RollBack {
  readonly network: string;
  readonly version: number;
  /** In force when this is decided. */
  readonly current: number;
}

/** Puts an earlier version in force after asking; true when what is shown may be out of date now. */
export async function rollBack({ api, project }: App, { network, version, current }: RollBack): Promise<boolean> {
  const isSure = await confirm({
    heading: `Put version ${version} in force again?`,
    body: html`<p>
      It replaces version ${current} on ${network} for every relay from now on. Version ${current} is kept, and can be
      put back the same way.
    </p>`,
    action: `Roll back to version ${version}`,
    isDangerous: true,
  });
  if (!isSure) return false;
  try {
    const params = { projectId: project?.id ?? "", network };
    await api.call("rollBackPolicy", { params, body: { version, expectedVersion: current } });
    toast(`Version ${version} is in force.`);
  } catch (thrown) {
    if (thrown instanceof ApiProblem && thrown.status === 409) {
      toast(
        `Version ${current} is no longer in force: somebody changed it meanwhile. Look at it and decide again.`,
        "bad",
      );
    } else toastError(thrown);
  }
  return true;
}
