import { html, type TemplateResult } from "lit";
import { shortWallet } from "../../../ui/copy.ts";
import type { PolicyVersion } from "../policy-types.ts";

/** Who published a version: a wallet by its ends. */
export const actorName = (actor: PolicyVersion["actor"]): TemplateResult =>
  actor
    ? html`<span title=${actor.name}>${shortWallet(actor.name, 5)}</span>`
    : html`<span class="soft">unknown</span>`;
