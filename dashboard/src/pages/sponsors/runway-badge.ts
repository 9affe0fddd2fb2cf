import type { TemplateResult } from "lit";
import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { badge } from "../../ui/badge.ts";
import { runwayOf } from "./runway.ts";

/** How long a sponsor goes on, in a table. */
export function runwayBadge(sponsor: ManagedSponsor): TemplateResult {
  const { text, tone } = runwayOf(sponsor);
  return badge(text, tone);
}
