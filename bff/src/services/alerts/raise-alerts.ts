import { findConditions } from "../../domain/alerts.ts";
import type { NetworkName } from "../../domain/network.ts";
import type { Ports } from "../../ports.ts";

/** Opens an alert for everything that is wrong by now, and resolves those whose reason is gone. Each is logged once. */
export async function raiseAlerts(
  { watch, log }: Pick<Ports, "watch" | "log">,
  networks: readonly NetworkName[],
): Promise<void> {
  const conditions = findConditions(await watch.readFacts(networks));
  for (const { change, kind, subject, summary } of await watch.keepAlerts(conditions)) {
    if (change === "opened") log.error("alert.opened", { kind, subject, summary });
    else log.info("alert.resolved", { kind, subject });
  }
}
