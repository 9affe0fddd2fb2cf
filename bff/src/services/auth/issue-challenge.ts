import type { Challenge, ChallengeRequest } from "../../contract/index.ts";
import {
  CHALLENGE_LIFE_SECONDS,
  CHALLENGE_RANDOM_BYTES,
  challengeMacInput,
  composeNonce,
  signInText,
} from "../../domain/challenge.ts";
import type { Project } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { CHALLENGE_LABEL, challengeFields } from "./challenge-text.ts";
import { assertSupportedMethod } from "./sign-in-methods.ts";

/** The address in its one spelling. @throws request.invalid */
export function requireAddress(chain: ChainPort, text: string): string {
  const address = chain.parseAddress(text);
  if (address !== undefined) return address;
  throw new AppError("request.invalid", "The address is not one of this network.", {
    errors: [{ pointer: "/address", detail: "must be 32 bytes in base58" }],
  });
}

/** A challenge is its fields and a MAC over them: nothing is stored. */
export async function issueChallenge(
  ports: Ports,
  { project, origin }: { project: Project; origin: string },
  { network, method, address: givenAddress }: ChallengeRequest,
): Promise<Challenge> {
  const { chain } = requireNetwork(ports, project, network);
  if (method !== undefined) assertSupportedMethod(method);
  const address = givenAddress === undefined ? undefined : requireAddress(chain, givenAddress);

  const expiresAtSeconds = Math.floor(ports.clock.nowMs() / 1000) + CHALLENGE_LIFE_SECONDS;
  const random = ports.random.bytes(CHALLENGE_RANDOM_BYTES);
  const binding = { projectId: project.id, origin, network, method, address };
  const [kid = ""] = ports.secrets.kids;
  const mac = await ports.secrets.mac(kid, CHALLENGE_LABEL, challengeMacInput(random, expiresAtSeconds, binding));
  if (!mac) throw new AppError("internal.misconfigured", undefined, { cause: new Error("there is no secret") });

  const nonce = composeNonce(random, expiresAtSeconds, mac);
  const fields = challengeFields(ports, project, { network, origin, nonce, expiresAtSeconds, address });
  return {
    challengeId: fields.requestId,
    nonce,
    expiresAt: fields.expirationTime,
    ...(address !== undefined && { message: signInText(fields, address) }),
    fields,
  };
}
