import type { NetworkName } from "../contract/index.ts";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { deliverAlerts } from "../services/alerts/deliver-alerts.ts";
import { raiseAlerts } from "../services/alerts/raise-alerts.ts";
import { observeBalances } from "../services/sponsors/observe-balances.ts";

/** Looks at everything from outside: what sponsors own, what the ledger says of it, and who has stopped working. Never throws; no part stops another. */
export async function watch(ports: Ports, networks: readonly NetworkName[]): Promise<void> {
  const attempt = async (part: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (cause) {
      ports.log.error("watch.failed", { part, code: cause instanceof AppError ? cause.code : undefined, cause });
      return false;
    }
  };

  for (const network of networks) {
    await attempt(`balances of ${network}`, () => observeBalances(ports, network));
    await attempt(`ledger of ${network}`, () => ports.watch.judgeBalances(network));
  }
  const hasLooked = await attempt("alerts", () => raiseAlerts(ports, networks));
  await attempt("deliveries", () => deliverAlerts(ports));
  await attempt("purge", () => ports.watch.purge());
  if (hasLooked) await attempt("heartbeat", () => ports.watch.beat("watchdog"));
}
