import type { NetworkName } from "../../domain/network.ts";
import { enabledNetwork, type Project, type ProjectNetwork } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort, Ports } from "../../ports.ts";

export interface ServedNetwork {
  readonly chain: ChainPort;
  readonly settings: ProjectNetwork;
}

/** A network that the project has and this deployment serves. @throws project.network_not_enabled */
export function requireNetwork(ports: Pick<Ports, "chains">, project: Project, network: NetworkName): ServedNetwork {
  const settings = enabledNetwork(project, network);
  const chain = settings && ports.chains(network);
  if (!settings || !chain) {
    throw new AppError("project.network_not_enabled", `This project does not have the network ${network}.`, {
      context: { network },
    });
  }
  return { chain, settings };
}
