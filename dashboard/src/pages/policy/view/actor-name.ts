import { html, type TemplateResult } from "lit";
import { shorten } from "../../../ui/copy.ts";
import type { PolicyVersion } from "../policy-types.ts";

/** Who published a version: a wallet by its ends. */
export const actorName = (actor: PolicyVersion["actor"]): TemplateResult =>
  actor ? html`<span title=${actor.name}>${shorten(actor.name, 12)}</span>` : html`<span class="soft">unknown</span>`;
