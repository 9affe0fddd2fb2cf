import type { NetworkName } from "../../../domain/network.ts";
import { AppError } from "../../../errors.ts";
import type { PolicyPlace } from "../../../manage-ports.ts";
import type { PolicyDesk, PolicyFault, Ports } from "../../../ports.ts";

/** Where a policy is, by a network that has been read from the path. */
export interface Place extends PolicyPlace {
  readonly network: NetworkName;
}

export const noNetwork = (): AppError =>
  new AppError("request.not_found", "The project does not have this network, or there is no such version.");

/** @throws request.not_found where this version has no policies for the network */
export function requireDesk({ desks }: Pick<Ports, "desks">, network: NetworkName): PolicyDesk {
  const desk = desks(network);
  if (!desk) throw new AppError("request.not_found", `This version has no policies for ${network}.`);
  return desk;
}

/** What keeps a document from being used, each by its pointer into it. */
export const policyInvalid = (faults: readonly PolicyFault[]): AppError =>
  new AppError("manage.policy_invalid", "The policy cannot be used as it is.", {
    errors: faults.map(({ pointer, detail }) => ({ pointer, detail })),
  });
