import { hex } from "@scure/base";
import { completeProgram, draftProgram, type IdlReading, preimagesOf } from "../../../domain/idl/read-idl.ts";
import type { NetworkName } from "../../../domain/network.ts";
import type { Ports } from "../../../ports.ts";
import { policyInvalid } from "./require-desk.ts";

interface Request {
  readonly idl: Readonly<Record<string, unknown>>;
  readonly programAddress?: string | undefined;
}

/** An IDL as a program of a policy. @throws manage.policy_invalid with what about the request cannot be read */
export async function readIdl(
  { hash, desks }: Pick<Ports, "hash" | "desks">,
  network: NetworkName,
  { idl, programAddress }: Request,
): Promise<{ program: Record<string, unknown>; skipped: IdlReading["skipped"][number][] }> {
  if (desks(network)?.takesPrograms !== true) {
    throw policyInvalid([
      { pointer: "/idl", detail: "is of no use here: policies of this network describe no programs" },
    ]);
  }
  const draft = draftProgram(idl, programAddress);
  if (!draft.ok) throw policyInvalid(draft.reason);
  const digests = await Promise.all(
    preimagesOf(draft.value).map(
      async (text) => [text, hex.encode(await hash.sha256(new TextEncoder().encode(text)))] as const,
    ),
  );
  const read = completeProgram(draft.value, new Map(digests));
  if (!read.ok) throw policyInvalid(read.reason);
  const { program, skipped } = read.value;
  return { program: { ...program }, skipped: [...skipped] };
}
