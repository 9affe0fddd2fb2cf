import type { Api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { PolicyVersionDetail } from "./policy-types.ts";

/** The policy in force, or undefined where none has been published. @throws ApiProblem */
export async function readCurrent(
  api: Api,
  projectId: string,
  network: string,
  signal?: AbortSignal,
): Promise<PolicyVersionDetail | undefined> {
  try {
    return await api.call("readPolicy", { params: { projectId, network, version: "current" }, signal });
  } catch (thrown) {
    if (thrown instanceof ApiProblem && thrown.code === "request.not_found") return undefined;
    throw thrown;
  }
}
