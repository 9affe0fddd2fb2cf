import { type AuditFault, type AuditHead, isSame, toHex } from "../../domain/audit.ts";
import type { Ports } from "../../ports.ts";
import { type ChainPorts, originOf, readSignedPlace, signPlace, walkChain } from "./walk-chain.ts";

/** At most this many batches at once: the rest is sealed a minute later. */
const MAX_BATCHES = 20;

/**
 * Gives new entries their places in their chains, and signs the newest of each, when it follows from what was signed before:
 * a chain that somebody has made anew is never signed. The log line is a witness outside of SQL. May be repeated at any
 * time: what a former run left unsigned is signed by this one.
 */
export async function sealAudit(ports: ChainPorts & Pick<Ports, "log">): Promise<void> {
  const { audit, secrets, log } = ports;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    if ((await audit.seal()) === 0) break;
  }
  const [kid] = secrets.kids;
  if (kid === undefined) return;
  for (const head of await audit.listUnsignedHeads()) {
    const { chain, sequence, hash } = head;
    const faults = await followFromSigned(ports, head);
    const mac = await signPlace(ports, kid, chain, head);
    if (faults.length > 0 || !mac) {
      log.error("audit.tampered", { chain, sequence: sequence.toString(), faults: faults.map(({ fault }) => fault) });
      continue;
    }
    await audit.signHead(head, kid, mac);
    log.info("audit.sealed", { chain, sequence: sequence.toString(), hash: toHex(hash) });
  }
}

/** What is wrong between the entry that was signed last and the head. */
async function followFromSigned(ports: ChainPorts, head: AuditHead): Promise<readonly AuditFault[]> {
  const { chain, sequence, hash, signed } = head;
  const start = signed ? await readSignedPlace(ports, { ...head, signed }) : { place: await originOf(ports, chain) };
  if ("fault" in start) return [start];
  const { place, faults } = await walkChain(ports, chain, start.place, sequence);
  return isSame(place.hash, hash) ? faults : [...faults, { fault: "head_wrong", sequence: place.sequence }];
}
