import type { ProjectConfig } from "../../contract/index.ts";
import { enabledNetwork, type Project } from "../../domain/project.ts";
import { SUPPORTED_METHODS } from "../auth/sign-in-methods.ts";

/** What a page may know of its project. */
export function describeProject(project: Project): ProjectConfig {
  const { id, name, environment, theme, locale } = project;
  const networks = project.networks.flatMap(({ network, sponsorAddress, explorer }) =>
    enabledNetwork(project, network) && sponsorAddress ? [{ network, sponsorAddress, explorer }] : [],
  );
  return { project: { id, name, environment }, networks, signInMethods: [...SUPPORTED_METHODS], theme, locale };
}
