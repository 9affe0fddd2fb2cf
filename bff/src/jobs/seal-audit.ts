import type { Ports } from "../ports.ts";
import { sealAudit as seal } from "../services/audit/seal-audit.ts";

/** Seals the audit log, as far as it gets; the next minute goes on. */
export async function sealAudit(ports: Pick<Ports, "audit" | "hash" | "secrets" | "log">): Promise<void> {
  try {
    await seal(ports);
  } catch (cause) {
    ports.log.error("audit.seal_failed", { cause });
  }
}
