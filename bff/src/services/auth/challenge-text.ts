import type { SignInFields } from "../../contract/index.ts";
import { CHALLENGE_LIFE_SECONDS, signInFields } from "../../domain/challenge.ts";
import type { Project } from "../../domain/project.ts";
import type { ChainPort, Ports } from "../../ports.ts";

/** The fields of the sign-in text: everything in them follows from the project, the origin and the nonce. */
export function challengeFields(
  ports: Pick<Ports, "api" | "clock">,
  project: Project,
  challenge: {
    chain: ChainPort;
    origin: string;
    nonce: string;
    expiresAtSeconds: number;
    address?: string | undefined;
  },
): SignInFields {
  const { chain, origin, nonce, expiresAtSeconds, address } = challenge;
  return signInFields({
    origin,
    chainId: chain.signIn.chainId,
    nonce,
    address,
    statement: project.statement,
    resource: `${ports.api}/v1/projects/${project.id}`,
    issuedAt: ports.clock.format((expiresAtSeconds - CHALLENGE_LIFE_SECONDS) * 1000),
    expirationTime: ports.clock.format(expiresAtSeconds * 1000),
  });
}
