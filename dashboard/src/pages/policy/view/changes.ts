import { html, type TemplateResult } from "lit";
import { type Change, compareStatements } from "../model/compare-statements.ts";
import { compareLines, foldLines } from "../model/compare-lines.ts";
import { formatDocument, sortFields } from "../model/documents.ts";
import type { Names } from "../model/names.ts";
import type { Json } from "../model/pointer.ts";
import { sayPolicy } from "../model/say-policy.ts";
import { sentence } from "./words.ts";

interface Compared {
  readonly before: Json | undefined;
  readonly after: Json;
  readonly names: Names;
  readonly network: string;
}

const isWhole = true;

function changeLine({ before, after }: Change): TemplateResult {
  if (before && after) {
    return html`<li class="changed">
      <b>Changed</b>
      <span><del>${sentence(before.words, { isWhole })}</del> <ins>${sentence(after.words, { isWhole })}</ins></span>
    </li>`;
  }
  return after
    ? html`<li class="added"><b>New</b> <ins>${sentence(after.words, { isWhole })}</ins></li>`
    : html`<li class="removed"><b>Gone</b> <del>${before ? sentence(before.words, { isWhole }) : ""}</del></li>`;
}

const SIGNS = { same: " ", added: "+", removed: "−" } as const;

/** The same change, line by line. */
function jsonChanges(before: Json | undefined, after: Json): TemplateResult {
  const text = (document: Json | undefined): string => (document ? formatDocument(sortFields(document)) : "");
  const folded = foldLines(compareLines(text(before), text(after)));
  return html`<pre class="json-changes" tabindex="0" aria-label="The change in JSON"><code>${folded.map((line) =>
    "skipped" in line
      ? html`<span class="skipped">… ${line.skipped} lines …</span>`
      : html`<span class=${line.kind}>${SIGNS[line.kind]} ${line.text}</span>`,
  )}</code></pre>`;
}

/** What one policy changes against another, in words and in JSON. */
export function policyChanges({ before, after, names, network }: Compared): TemplateResult {
  const changes = compareStatements(before ? sayPolicy(before, names, network) : [], sayPolicy(after, names, network));
  const lines = jsonChanges(before, after);
  return html`<div class="policy-changes">
    ${
      changes.length === 0
        ? html`<p class="soft">Nothing that counts: what is sponsored stays the same.</p>`
        : html`<ul>
            ${changes.map(changeLine)}
          </ul>`
    }
    <details>
      <summary>In JSON</summary>
      ${lines}
    </details>
  </div>`;
}
