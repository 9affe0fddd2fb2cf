import { Webhook } from "standardwebhooks";
import type { AlertPort } from "../../ports.ts";

const DEADLINE_MS = 5_000;

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  readonly nowMs: () => number;
}

/** Sends alerts to the operator's receiver, signed over their exact bytes. Source: Standard Webhooks 1.0.0. */
export function createAlertWebhook({ url, secret, nowMs }: WebhookOptions): AlertPort {
  const webhook = new Webhook(secret);
  return {
    async send({ messageId, payload }) {
      const body = JSON.stringify(payload);
      const sentAt = new Date(nowMs());
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": messageId,
          "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1_000)),
          "webhook-signature": webhook.sign(messageId, sentAt, body),
        },
        body,
        // Somewhere else has not been checked, and has no business with it.
        redirect: "manual",
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      // Only the status counts: nothing of the answer is read, however long it is.
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the receiver answered with status ${response.status}`);
    },
  };
}
