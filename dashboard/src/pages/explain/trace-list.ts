import { html, nothing, type TemplateResult } from "lit";
import type { ManageExplanation } from "../../../../bff/src/contract/manage/policies.ts";
import { formatAmount } from "../../format/amounts.ts";
import { time } from "../../format/times.ts";
import { icon } from "../../ui/icons.ts";
import { prose } from "../../ui/prose.ts";
import { docsLink } from "../decisions/code-words.ts";
import { isAboutAmounts, isAboutCounts, ruleWords, sayCall } from "./rule-words.ts";

type Entry = ManageExplanation["trace"][number];

const VERDICTS = {
  pass: ["check", "passes"],
  fail: ["close", "fails"],
  skip: ["arrow", "was not asked"],
} as const;

function say(network: string, rule: string, value: string): string {
  if (!/^\d+$/.test(value)) return value;
  if (isAboutAmounts(rule)) return formatAmount(network, value);
  // What a value of an instruction is, its program alone knows.
  return isAboutCounts(rule) ? BigInt(value).toLocaleString("en") : value;
}

function comparison({ rule, observed, limit, remaining, resetsAt }: Entry, network: string): TemplateResult {
  const pairs = [
    ["is", observed],
    ["limit", limit],
    ["left", remaining],
  ] as const;
  return html`${pairs.map(([label, value]) =>
    value === undefined ? nothing : html`<span>${label} <code>${say(network, rule, value)}</code></span>`,
  )}${resetsAt === undefined ? nothing : html`<span>begins anew ${time(resetsAt)}</span>`}`;
}

/** Where a rule is written; undefined of those that are the same for everybody. */
type HrefOf = (rule: string) => string | undefined;

/** What a code means, and where its rule is written. */
const codeLinks = (code: string, href: string | undefined): TemplateResult =>
  html`<a href=${docsLink(code)} target="_blank" rel="noopener"
      ><code>${code}</code><span class="visually-hidden"> in the documentation, in a new tab</span></a
    >${href === undefined ? nothing : html` · <a href=${href}>where this is set</a>`}`;

function line(entry: Entry, { network, instructions }: ManageExplanation, hrefOf: HrefOf): TemplateResult {
  const { rule, verdict, code, instruction, hint } = entry;
  const [mark, words] = VERDICTS[verdict];
  // Of a batch it is not told which of what it carries.
  const [about, ...others] = instructions.filter(({ position }) => position === instruction);
  const program = about?.programName ?? "program";
  const name =
    about && (others.length > 0 ? `a batch of ${program}` : sayCall(program, about.instruction ?? "unknown"));
  return html`<li class=${verdict}>
    ${icon(mark)}
    <div>
      <p>
        <b>${ruleWords(rule)}</b>
        <span class="visually-hidden">${words}</span>
        ${
          instruction === undefined
            ? nothing
            : html`<span class="soft">instruction ${instruction + 1}${name ? html`: ${name}` : nothing}</span>`
        }
      </p>
      <p class="values">${comparison(entry, network)}</p>
      ${hint ? html`<p class="hint">${prose(hint)}</p>` : nothing}
      ${code ? html`<p class="small">${codeLinks(code, hrefOf(rule))}</p>` : nothing}
    </div>
  </li>`;
}

/** Every rule and what it says: those that fail first, then the others in their order. */
export function traceList(explanation: ManageExplanation, hrefOf: HrefOf): TemplateResult {
  const failing = explanation.trace.filter(({ verdict }) => verdict === "fail");
  const others = explanation.trace.filter(({ verdict }) => verdict !== "fail");
  return html`<div class="trace">
    ${
      failing.length === 0
        ? nothing
        : html`<ul>
            ${failing.map((entry) => line(entry, explanation, hrefOf))}
          </ul>`
    }
    <details ?open=${failing.length === 0}>
      <summary>${failing.length === 0 ? "Every rule" : `The ${others.length} others`}</summary>
      <ul>
        ${others.map((entry) => line(entry, explanation, hrefOf))}
      </ul>
    </details>
  </div>`;
}
