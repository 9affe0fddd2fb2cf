import type { ProjectConfig } from "../../contract/index.ts";
import { enabledNetwork, type Project } from "../../domain/project.ts";
import { chooseSponsor } from "../../domain/sponsor-choice.ts";
import type { SignerPort } from "../../ports.ts";
import { SUPPORTED_METHODS } from "../auth/sign-in-methods.ts";

/** What a page may know of its project. */
export function describeProject({ signers }: { signers: SignerPort }, project: Project): ProjectConfig {
  const { id, name, environment, theme, locale } = project;
  const networks = project.networks.flatMap(({ network, sponsors, explorer }) => {
    const sponsor = enabledNetwork(project, network) && chooseSponsor(sponsors, signers.canSign, 0);
    return sponsor ? [{ network, sponsorAddress: sponsor.address, explorer }] : [];
  });
  return { project: { id, name, environment }, networks, signInMethods: [...SUPPORTED_METHODS], theme, locale };
}
