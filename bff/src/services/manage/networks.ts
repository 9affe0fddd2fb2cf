import type { ManagedNetwork } from "../../contract/manage/projects.ts";
import type { AccessProject } from "../../domain/manage.ts";
import { isMainnet, type NetworkName } from "../../domain/network.ts";
import { AppError } from "../../errors.ts";
import type { ManageStore } from "../../manage-ports.ts";
import type { Ports } from "../../ports.ts";

type NetworkPorts = Pick<Ports, "networks">;
type Environment = AccessProject["environment"];

const isOpenTo = (environment: Environment, network: NetworkName): boolean =>
  environment === "live" || !isMainnet(network);

/** @throws project.network_not_enabled when it is not served here, or is a mainnet for a test project */
export function assertNetworkFits({ networks }: NetworkPorts, environment: Environment, network: NetworkName): void {
  if (networks.includes(network) && isOpenTo(environment, network)) return;
  const why = networks.includes(network)
    ? `A test project never has ${network}.`
    : `This deployment does not serve ${network}.`;
  throw new AppError("project.network_not_enabled", why, { context: { network } });
}

/** A project's networks, and which others it could have. */
export async function listNetworks(
  { networks }: NetworkPorts,
  store: ManageStore,
  { id, environment }: Pick<AccessProject, "id" | "environment">,
): Promise<{ readonly data: ManagedNetwork[]; readonly available: NetworkName[] }> {
  const own = await store.listNetworks(id);
  const has = new Set(own.map(({ network }) => network));
  return {
    data: own.map((each) => ({ ...each, isServed: networks.includes(each.network) })),
    available: networks.filter((network) => !has.has(network) && isOpenTo(environment, network)),
  };
}
