import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { button } from "../../../ui/button.ts";
import { panel } from "../../../ui/layout.ts";
import { isObject } from "../model/pointer.ts";
import { KIND_LABELS } from "../model/say-algorand.ts";
import { algorandEntry } from "./algorand-entry.ts";
import { type Editing, listAt } from "./editing.ts";

/** What an entry of a kind begins with: where it would allow too much, with what has to be filled in. */
const BEGINNINGS: Readonly<Record<string, object>> = {
  payment: { arguments: { amount: { lte: "1000000" } } },
  "asset-transfer": { arguments: { asset: { eq: "" } } },
  "asset-opt-in": { arguments: { asset: { eq: "" } } },
  "asset-opt-out": { arguments: { asset: { eq: "" } } },
  "application-call": { application: "" },
};

/** What the user's transactions may be. */
export function algorandAllow(editing: Editing): TemplateResult {
  const kinds = editing.programs.flatMap(({ instructions }) => instructions);
  const entries = listAt(editing.document, ["allow"]);
  return panel({
    title: "What is sponsored",
    lead: "A group passes when each of the user's transactions fits one of these. Everything else is refused.",
    body: html`<div class="actions" data-pointer="/allow">
        ${Object.entries(KIND_LABELS).map(([transaction, label]) =>
          button({
            label,
            icon: "plus",
            about: "to what is sponsored",
            onClick: () => editing.append(["allow"], { transaction, ...BEGINNINGS[transaction] }),
          }),
        )}
      </div>
      ${
        entries.length === 0
          ? html`<p class="soft">Nothing yet: every group is refused.</p>`
          : repeat(
              entries,
              (entry) => editing.keyOf(entry),
              (entry, index) => {
                if (!isObject(entry)) return html``;
                const kind = kinds.find(({ name }) => name === entry["transaction"]);
                return algorandEntry(editing, entry, index, kind);
              },
            )
      }`,
  });
}
