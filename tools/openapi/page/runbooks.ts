import { readFileSync } from "node:fs";
import { html, type Html, prose } from "../html.ts";

const PAGE = new URL("../../../docs/runbooks.md", import.meta.url);

interface Runbook {
  readonly kind: string;
  /** What it means, what to look at, what to do. */
  readonly parts: readonly { readonly title: string; readonly text: string }[];
}

/** The sections of docs/runbooks.md. */
export function readRunbooks(): readonly Runbook[] {
  const [, ...sections] = readFileSync(PAGE, "utf8").split("\n## ");
  return sections.map((section) => {
    const [kind = "", ...lines] = section.split("\n");
    const items = lines.filter((line) => line.startsWith("- ")).map((line) => line.slice(2).split(/: (.*)/s));
    return { kind, parts: items.map(([title = "", text = ""]) => ({ title, text })) };
  });
}

/** Every alert at the address that its `runbookUrl` names. */
export function describeRunbooks(): Html {
  return html`<section class="group" aria-labelledby="alerts">
    <h2 id="alerts">Alerts</h2>
    <p class="lead">For operators: what an alert means, what to look at, and what to do.</p>
    ${readRunbooks().map(
      ({ kind, parts }) =>
        html`<section class="part" aria-labelledby="${kind}">
          <h3 id="${kind}"><code>${kind}</code></h3>
          <ul>
            ${parts.map(({ title, text }) => html`<li><strong>${title}:</strong> ${prose(text)}</li>`)}
          </ul>
        </section>`,
    )}
  </section>`;
}
