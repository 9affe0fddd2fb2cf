import {
  type AuditFault,
  type AuditHead,
  headBytes,
  isOwnEntry,
  isSame,
  linkBytes,
  originBytes,
} from "../../domain/audit.ts";
import type { Ports } from "../../ports.ts";

const BATCH = 500;

/** Key of the MAC of heads. */
const LABEL = "audit head";

export type ChainPorts = Pick<Ports, "audit" | "secrets" | "hash">;

/** A place in a chain, and the hash there; 0 is before the first entry. */
export interface ChainPlace {
  readonly sequence: bigint;
  readonly hash: Uint8Array;
}

export async function originOf({ hash: { sha256 } }: Pick<Ports, "hash">, chain: string): Promise<ChainPlace> {
  return { sequence: 0n, hash: await sha256(originBytes(chain)) };
}

/** Follows a chain from a place that is known, to `end` or as far as it goes, and says what in it is not as it was sealed. */
export async function walkChain(
  { audit, hash: { sha256 } }: Pick<Ports, "audit" | "hash">,
  chain: string,
  from: ChainPlace,
  end?: bigint,
): Promise<{ readonly place: ChainPlace; readonly faults: readonly AuditFault[] }> {
  const faults: AuditFault[] = [];
  let place = from;
  /** What the next entry may follow: the hash that is stored, and where it is not what it should be, that too. */
  let before: readonly Uint8Array[] = [from.hash];
  for (;;) {
    if (end !== undefined && place.sequence >= end) break;
    const limit = end !== undefined && end - place.sequence < BATCH ? Number(end - place.sequence) : BATCH;
    const entries = await audit.listSealed(chain, place.sequence, limit);
    if (entries.length === 0) break;
    for (const { id, sequence, entry, hash } of entries) {
      const isGap = sequence !== place.sequence + 1n;
      if (isGap) faults.push({ fault: "missing", from: place.sequence + 1n, to: sequence - 1n });
      const should = await Promise.all(before.map((each) => sha256(linkBytes(each, entry))));
      // Behind a gap nothing is known of what an entry follows.
      const isFitting = isGap || should.some((each) => isSame(each, hash));
      if (!isFitting || !isOwnEntry(chain, { id, entry })) faults.push({ fault: "altered", sequence, id });
      before = isFitting ? [hash] : [hash, ...should];
      place = { sequence, hash };
    }
  }
  if (end !== undefined && place.sequence < end) faults.push({ fault: "missing", from: place.sequence + 1n, to: end });
  return { place, faults };
}

/** The MAC of a place; undefined when there is no such key. */
export const signPlace = ({ secrets }: Pick<Ports, "secrets">, kid: string, chain: string, place: ChainPlace) =>
  secrets.mac(kid, LABEL, headBytes(chain, place.sequence, place.hash));

/** Where a head was signed, or what is wrong with that. */
export async function readSignedPlace(
  ports: ChainPorts,
  { chain, signed }: AuditHead & { readonly signed: NonNullable<AuditHead["signed"]> },
): Promise<{ readonly place: ChainPlace } | AuditFault> {
  const { sequence, kid, mac } = signed;
  if (!ports.secrets.kids.includes(kid)) return { fault: "signature_unknown", sequence, kid };
  const [entry] = await ports.audit.listSealed(chain, sequence - 1n, 1);
  const should = entry?.sequence === sequence && (await signPlace(ports, kid, chain, entry));
  return should && isSame(should, mac) ? { place: entry } : { fault: "signature_wrong", sequence };
}
