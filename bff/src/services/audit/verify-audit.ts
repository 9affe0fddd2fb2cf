import { type AuditFault, type AuditHead, isSame } from "../../domain/audit.ts";
import type { AuditReadPort } from "../../ports.ts";
import { type ChainPorts, originOf, readSignedPlace, walkChain } from "./walk-chain.ts";

export interface VerifiedChain {
  readonly entries: bigint;
  readonly head: AuditHead | undefined;
  /** None when all is as it was sealed. */
  readonly faults: readonly AuditFault[];
}

/** Reads a whole chain, and says what in it is not as it was sealed. */
export async function verifyAudit(
  ports: ChainPorts & { readonly log: Pick<AuditReadPort, "readHead"> },
  chain: string,
): Promise<VerifiedChain> {
  const known = await walkChain(ports, chain, await originOf(ports, chain));
  // Entries that are sealed meanwhile are behind what was read: the head, read now, says up to where.
  const head = await ports.log.readHead(chain);
  const { place, faults } = await walkChain(ports, chain, known.place, head?.sequence ?? 0n);
  const isEnd =
    head && (place.sequence < head.sequence || (place.sequence === head.sequence && isSame(place.hash, head.hash)));
  const wrongEnd: readonly AuditFault[] = isEnd ? [] : [{ fault: "head_wrong", sequence: place.sequence }];
  const signature = head ? await verifySignature(ports, head) : [];
  return { entries: place.sequence, head, faults: [...known.faults, ...faults, ...wrongEnd, ...signature] };
}

async function verifySignature(ports: ChainPorts, head: AuditHead): Promise<readonly AuditFault[]> {
  const { signed, sequence } = head;
  if (!signed) return [{ fault: "signature_missing", sequence }];
  const found = await readSignedPlace(ports, { ...head, signed });
  return "fault" in found ? [found] : [];
}
