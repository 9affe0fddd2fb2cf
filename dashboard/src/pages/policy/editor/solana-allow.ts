import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { button } from "../../../ui/button.ts";
import { panel } from "../../../ui/layout.ts";
import { isObject, type Json } from "../model/pointer.ts";
import { type Editing, listAt } from "./editing.ts";
import { solanaEntry } from "./solana-entry.ts";

interface Placed {
  readonly entry: Json;
  readonly index: number;
}

/** What is sponsored, by program. */
export function solanaAllow(editing: Editing, onAdd: () => void): TemplateResult {
  const placed = listAt(editing.document, ["allow"]).flatMap((entry, index): Placed[] =>
    isObject(entry) ? [{ entry, index }] : [],
  );
  const byProgram = [...Map.groupBy(placed, ({ entry }) => String(entry["program"]))];
  return panel({
    title: "What is sponsored",
    lead: "A transaction passes when each of its instructions fits one of these. Everything else is refused.",
    actions: button({ label: "Add instructions", icon: "plus", kind: "primary", onClick: onAdd }),
    body: html`${
      byProgram.length === 0
        ? html`<p class="soft">Nothing yet: every transaction is refused.</p>`
        : repeat(
            byProgram,
            ([program]) => program,
            ([program, entries]) =>
              html`<section class="program" data-pointer="/allow">
                <h3>
                  ${editing.programs.find(({ address }) => address === program)?.name ?? "Unknown"}
                  <code>${program}</code>
                </h3>
                ${repeat(
                  entries,
                  ({ entry }) => editing.keyOf(entry),
                  ({ entry, index }) => solanaEntry(editing, entry, index),
                )}
              </section>`,
          )
    }`,
  });
}
