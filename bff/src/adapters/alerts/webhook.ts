import { base64 } from "@scure/base";
import type { AlertPort } from "../../ports.ts";

const DEADLINE_MS = 5_000;
const PREFIX = "whsec_";

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  readonly nowMs: () => number;
}

/** `v1,` and the HMAC-SHA-256 of id, time and body under the secret. Source: Standard Webhooks 1.0.0. */
async function sign(secret: Uint8Array<ArrayBuffer>, messageId: string, sentAt: string, body: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${messageId}.${sentAt}.${body}`));
  return `v1,${base64.encode(new Uint8Array(mac))}`;
}

/** Sends alerts to the operator's receiver, signed over their exact bytes. @throws Error when the secret is no canonical base64 */
export function createAlertWebhook({ url, secret, nowMs }: WebhookOptions): AlertPort {
  const secretBytes = base64.decode(secret.slice(PREFIX.length)).slice();
  return {
    async send({ messageId, payload }) {
      const body = JSON.stringify(payload);
      const sentAt = String(Math.floor(nowMs() / 1_000));
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": messageId,
          "webhook-timestamp": sentAt,
          "webhook-signature": await sign(secretBytes, messageId, sentAt, body),
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
