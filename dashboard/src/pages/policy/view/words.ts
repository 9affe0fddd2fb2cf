import { html, nothing, type TemplateResult } from "lit";
import { shorten } from "../../../ui/copy.ts";
import { isWithin } from "../model/pointer.ts";
import { SECTION_LABELS } from "../model/say-policy.ts";
import type { Section, Statement, Words } from "../model/words.ts";

/** Beyond this a value is an address or a hash, of which the ends are enough to read on. */
const LONG = 30;
/** So many values of a long list are told at once. */
const FIRST = 3;

const code = (text: string, isWhole: boolean): TemplateResult =>
  !isWhole && text.length > LONG && !text.includes(" ")
    ? html`<code title=${text}>${shorten(text, 6)}</code>`
    : html`<code>${text}</code>`;

function values(all: readonly string[], isWhole: boolean): TemplateResult {
  const told = isWhole ? all : all.slice(0, FIRST);
  const rest = all.slice(told.length);
  return html`${told.map((each, index) => html`${index > 0 ? ", " : ""}${code(each, isWhole)}`)}${
    rest.length > 0
      ? html` <details class="more-values">
          <summary>and ${rest.length} more</summary>
          ${rest.map((each, index) => html`${index > 0 ? ", " : ""}${code(each, true)}`)}
        </details>`
      : nothing
  }`;
}

interface SentenceOptions {
  /** Nothing is shortened, as where a change of one letter must be seen. */
  readonly isWhole?: boolean;
}

/** A sentence with its values as code. */
export const sentence = (words: Words, { isWhole = false }: SentenceOptions = {}): TemplateResult =>
  html`${words.map((part) => {
    if (typeof part === "string") return part;
    return "value" in part ? code(part.value, isWhole) : values(part.values, isWhole);
  })}`;

/** What a policy says, section by section; what stands at a place is marked. */
export function policyWords(statements: readonly Statement[], at?: string): TemplateResult {
  const isAsked = ({ pointer }: Statement) => at !== undefined && isWithin(pointer, at);
  const sections = Map.groupBy(statements, ({ section }) => section);
  const all: Section[] = ["allow", "limit", "sponsor", "option", "programs"];
  return html`<div class="policy-words">
    ${all
      .filter((section) => section === "allow" || sections.has(section))
      .map((section) => {
        const said = sections.get(section) ?? [];
        return html`<section>
          <h3>${SECTION_LABELS[section]}</h3>
          ${
            said.length === 0
              ? html`<p class="soft">Nothing: every transaction is refused.</p>`
              : html`<ul>
                  ${said.map((each) => html`<li class=${isAsked(each) ? "asked" : ""}>${sentence(each.words)}</li>`)}
                </ul>`
          }
        </section>`;
      })}
  </div>`;
}
