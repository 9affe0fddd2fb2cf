import { base64 } from "@scure/base";
import type { Challenge, ChallengeRequest } from "../../contract/index.ts";
import { CHALLENGE_LIFE_SECONDS, signInText } from "../../domain/challenge.ts";
import type { Project } from "../../domain/project.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import type { SignInChallenge } from "../../domain/sign-in.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { makeNonce } from "./challenge-mac.ts";
import { challengeFields } from "./challenge-text.ts";
import { assertSupportedMethod } from "./sign-in-methods.ts";

/** The address in its one spelling. @throws request.invalid */
export function requireAddress(chain: ChainPort, text: string): string {
  const address = chain.parseAddress(text);
  if (address !== undefined) return address;
  throw new AppError("request.invalid", "The address is not one of this network.", {
    errors: [{ pointer: "/address", detail: chain.signIn.addressForm }],
  });
}

/** What is signed instead of the text, if the method has such. @throws auth.wallet_unsupported when the text is too long for it */
async function payloadOf(
  chain: ChainPort,
  challenge: SignInChallenge,
  address: string,
): Promise<Pick<Challenge, "payload">> {
  const payload = await chain.signInPayload(challenge, address);
  if (!payload.ok) {
    throw new AppError("auth.wallet_unsupported", "The project's sign-in text is too long for a transaction.");
  }
  if (!payload.value) return {};
  const parts = Object.entries(payload.value).map(([name, bytes]) => [name, base64.encode(bytes)]);
  return { payload: Object.fromEntries(parts) as NonNullable<Challenge["payload"]> };
}

export interface ChallengeCaller {
  readonly project: Project;
  readonly origin: string;
  /** Of a proof that came along: then only this key can redeem the challenge. */
  readonly keyThumbprint: string | undefined;
}

/** A challenge is its fields and a MAC over them: nothing is stored. */
export async function issueChallenge(
  ports: Ports,
  { project, origin, keyThumbprint }: ChallengeCaller,
  { network, method, address: givenAddress }: ChallengeRequest,
): Promise<Challenge> {
  const { chain } = requireNetwork(ports, project, network);
  if (method !== undefined) assertSupportedMethod(chain, method);
  const address = givenAddress === undefined ? undefined : requireAddress(chain, givenAddress);

  const expiresAtSeconds = Math.floor(ports.clock.nowMs() / 1000) + CHALLENGE_LIFE_SECONDS;
  const binding = { projectId: project.id, origin, network, method, address, keyThumbprint };
  const nonce = await makeNonce(ports, expiresAtSeconds, binding);
  const fields = challengeFields(ports, project, { chain, origin, nonce, expiresAtSeconds, address });
  const challenge = { challengeId: fields.requestId, nonce, expiresAt: fields.expirationTime, fields };
  if (address === undefined) return challenge;
  const message = signInText(fields, chain.signIn.accountOf, address);
  if (method === undefined) return { ...challenge, message };
  const { challengeId } = challenge;
  return {
    ...challenge,
    message,
    ...(await payloadOf(chain, { method, challengeId, text: message, fields }, address)),
  };
}
