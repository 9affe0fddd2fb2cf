import { equalBytes } from "../../domain/bytes.ts";
import {
  challengeMacInput,
  type ChallengeBinding,
  composeNonce,
  composeSeed,
  type Nonce,
  redeemableBindings,
  SEED_BYTES,
  splitSeed,
} from "../../domain/challenge.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

const MAC_LABEL = "gasless challenge v1";
const TAG_LABEL = "gasless challenge tag v1";

type Makers = Pick<Ports, "random" | "secrets">;

async function macWith(
  { secrets }: Pick<Ports, "secrets">,
  label: string,
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const [kid = ""] = secrets.kids;
  const mac = await secrets.mac(kid, label, data);
  if (mac) return mac;
  throw new AppError("internal.misconfigured", undefined, { cause: new Error("there is no secret") });
}

/** Twelve bytes that nobody can foresee; those of a bound challenge tell us, and nobody else, that it is one. */
async function makeSeed(ports: Makers, expiresAtSeconds: number, binding: ChallengeBinding): Promise<Uint8Array> {
  const random = ports.random.bytes(SEED_BYTES);
  const { keyThumbprint, ...unkeyed } = binding;
  if (keyThumbprint === undefined) return random;
  const start = splitSeed(random).random;
  return composeSeed(start, await macWith(ports, TAG_LABEL, challengeMacInput(start, expiresAtSeconds, unkeyed)));
}

/** A new nonce for exactly this binding. Nothing is stored: it is its own proof. */
export async function makeNonce(ports: Makers, expiresAtSeconds: number, binding: ChallengeBinding): Promise<string> {
  const seed = await makeSeed(ports, expiresAtSeconds, binding);
  return composeNonce(
    seed,
    expiresAtSeconds,
    await macWith(ports, MAC_LABEL, challengeMacInput(seed, expiresAtSeconds, binding)),
  );
}

/** True when one of our keys made these first bytes of a MAC for one of the inputs. */
async function isMadeByUs(
  { secrets }: Pick<Ports, "secrets">,
  label: string,
  inputs: readonly Uint8Array<ArrayBuffer>[],
  start: Uint8Array,
): Promise<boolean> {
  const macs = await Promise.all(secrets.kids.flatMap((kid) => inputs.map((input) => secrets.mac(kid, label, input))));
  return macs.some((mac) => mac !== undefined && equalBytes(mac.subarray(0, start.length), start));
}

/** Whose a nonce is, for what a proof may redeem: ours, ours but bound to a key that this caller does not hold, or not ours. */
export async function judgeNonce(
  ports: Pick<Ports, "secrets">,
  { seed, expiresAtSeconds, mac }: Nonce,
  binding: ChallengeBinding,
): Promise<"ours" | "of_another_key" | "foreign"> {
  const inputsOf = (start: Uint8Array, bound: ChallengeBinding) =>
    redeemableBindings(bound).map((candidate) => challengeMacInput(start, expiresAtSeconds, candidate));
  if (await isMadeByUs(ports, MAC_LABEL, inputsOf(seed, binding), mac)) return "ours";
  const { random, tag } = splitSeed(seed);
  const { keyThumbprint: _key, ...unkeyed } = binding;
  return (await isMadeByUs(ports, TAG_LABEL, inputsOf(random, unkeyed), tag)) ? "of_another_key" : "foreign";
}
