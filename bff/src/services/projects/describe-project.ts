import type { ProjectConfig } from "../../contract/index.ts";
import { CONSOLE_PROJECT_ID } from "../../contract/manage/console.ts";
import { enabledNetwork, type Project } from "../../domain/project.ts";
import { chooseSponsor } from "../../domain/sponsor-choice.ts";
import type { Ports } from "../../ports.ts";

/** What a page may know of its project. */
export function describeProject(
  { signers, chains }: Pick<Ports, "signers" | "chains">,
  project: Project,
): ProjectConfig {
  const { id, name, environment, theme, locale } = project;
  const networks = project.networks.flatMap(({ network, sponsors, explorer }) => {
    // Nobody pays in the console: there a network is one to sign in by.
    if (id === CONSOLE_PROJECT_ID) return [{ network, sponsorAddress: "", explorer }];
    const sponsor = enabledNetwork(project, network) && chooseSponsor(sponsors, signers.canSign, 0);
    return sponsor ? [{ network, sponsorAddress: sponsor.address, explorer }] : [];
  });
  const methods = networks.flatMap(({ network }) => chains(network)?.signIn.methods ?? []);
  return { project: { id, name, environment }, networks, signInMethods: [...new Set(methods)], theme, locale };
}
