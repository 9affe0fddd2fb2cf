import { base64urlnopad } from "@scure/base";
import { API_KEY_BYTES, formatApiKey } from "../../domain/api-key.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

const CODE_BYTES = 20;

/** What is shown once, and the hash that is kept of it. */
export interface SecretText {
  readonly text: string;
  readonly hash: Uint8Array;
}

export const hashText = ({ hash }: Pick<Ports, "hash">, text: string): Promise<Uint8Array> =>
  hash.sha256(new TextEncoder().encode(text));

/** A code that opens once: 160 random bits. */
export async function createCode(ports: Pick<Ports, "hash" | "random">): Promise<SecretText> {
  const text = base64urlnopad.encode(ports.random.bytes(CODE_BYTES));
  return { text, hash: await hashText(ports, text) };
}

export async function createApiKey(
  ports: Pick<Ports, "hash" | "random">,
  kind: "publishable" | "secret",
  environment: "test" | "live",
): Promise<SecretText> {
  const text = formatApiKey(kind, environment, ports.random.bytes(API_KEY_BYTES));
  // Once in 10^30 times.
  if (text === undefined) throw new AppError("internal.unexpected", "No key could be made. Try again.");
  return { text, hash: await hashText(ports, text) };
}
