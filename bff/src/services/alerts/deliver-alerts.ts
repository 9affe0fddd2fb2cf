import { tellAlert } from "../../domain/alerts.ts";
import type { Ports } from "../../ports.ts";
import { mapLimited } from "../concurrency.ts";

const CONCURRENT_DELIVERIES = 5;

/**
 * Tells the operator what has changed, and each hour what has not. A message that nobody took is due again in the next
 * run; one that was taken and not remembered comes again, under the same id.
 */
export async function deliverAlerts({ watch, alerts, log, api, clock }: Ports): Promise<void> {
  const due = await watch.listDueAlerts();
  await mapLimited(due, CONCURRENT_DELIVERIES, async (alert) => {
    const message = tellAlert(alert, api, (time) => clock.format(time.getTime()));
    const wasTaken = await alerts.send(message).then(
      () => true,
      (cause: unknown) => {
        log.warn("alert.delivery_failed", { kind: alert.kind, subject: alert.subject, cause });
        return false;
      },
    );
    await watch.markAlert(alert, wasTaken);
  });
}
