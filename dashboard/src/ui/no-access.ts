import type { TemplateResult } from "lit";
import { emptyState } from "./states.ts";

/** In place of what a role does not show: nothing is asked of the API that would be refused. */
export const noAccess = (why: string): TemplateResult =>
  emptyState({
    icon: "stop",
    title: "Your role does not show this",
    body: `${why.replace("do this", "see this")} Owners and admins can change your role.`,
  });
