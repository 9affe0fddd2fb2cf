import type { SignInFields } from "../../contract/index.ts";
import { CHALLENGE_LIFE_SECONDS, signInFields } from "../../domain/challenge.ts";
import type { NetworkName } from "../../domain/network.ts";
import type { Project } from "../../domain/project.ts";
import type { Ports } from "../../ports.ts";

/** The fields of the sign-in text: everything in them follows from the project, the origin and the nonce. */
export function challengeFields(
  ports: Pick<Ports, "api" | "clock">,
  project: Project,
  challenge: {
    network: NetworkName;
    origin: string;
    nonce: string;
    expiresAtSeconds: number;
    address?: string | undefined;
  },
): SignInFields {
  const { network, origin, nonce, expiresAtSeconds, address } = challenge;
  return signInFields({
    origin,
    network,
    nonce,
    address,
    statement: project.statement,
    resource: `${ports.api}/v1/projects/${project.id}`,
    issuedAt: ports.clock.format((expiresAtSeconds - CHALLENGE_LIFE_SECONDS) * 1000),
    expirationTime: ports.clock.format(expiresAtSeconds * 1000),
  });
}
