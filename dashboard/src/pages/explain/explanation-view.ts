import { html, nothing, type TemplateResult } from "lit";
import type { ManageExplanation } from "../../../../bff/src/contract/manage/policies.ts";
import { projectLink } from "../../app/router.ts";
import { amount } from "../../format/amounts.ts";
import { dateTime } from "../../format/times.ts";
import { verdictBadge } from "../../ui/badge.ts";
import { shortCode } from "../../ui/copy.ts";
import { facts, panel } from "../../ui/layout.ts";
import { instructionList } from "./instruction-list.ts";
import { rulePlace } from "./rule-place.ts";
import { traceList } from "./trace-list.ts";
import "./explain-fixes.ts";

interface ViewOptions {
  readonly explanation: ManageExplanation;
  readonly projectId: string;
  readonly draftId: string | undefined;
  readonly draftName: string | undefined;
  /** What is explained again after publishing: a decision, or what was pasted. */
  readonly again: string;
}

/** Where a policy is, or a place in it: a version, or the draft. */
function policyHref({ explanation, projectId, draftId }: ViewOptions, version: number | null, at?: string): string {
  const { network } = explanation;
  return version === null
    ? projectLink(projectId, "policy", { network, draft: draftId, at })
    : projectLink(projectId, `policy/${version}`, { network, at });
}

/** The policy that was asked, with the way to it. */
const policyLink = (options: ViewOptions, version: number | null): TemplateResult =>
  html`<a href=${policyHref(options, version)}
    >${version === null ? `the draft ${options.draftName ?? ""}` : `version ${version}`}</a
  >`;

/** Where a rule is written; undefined of those that are the same for everybody. */
function ruleHref(options: ViewOptions, rule: string): string | undefined {
  const { explanation, projectId } = options;
  const { network, policyVersion } = explanation;
  const place = rulePlace(rule);
  if (place?.page === "policy") return policyHref(options, policyVersion, place.pointer);
  return place && projectLink(projectId, place.page, { network });
}

/** What was decided then, beside what would be decided now. */
function thenAndNow(options: ViewOptions): TemplateResult | typeof nothing {
  const { decided, verdict, policyVersion, trace } = options.explanation;
  if (!decided) return nothing;
  const now = trace.find((entry) => entry.verdict === "fail")?.code ?? null;
  const isSame = decided.verdict === verdict && decided.code === now;
  const cell = (code: string | null) => (code === null ? nothing : html`<code>${code}</code>`);
  return html`<div class="then-now">
    <div>
      <h3>Then</h3>
      ${verdictBadge(decided.verdict)} ${cell(decided.code)}
      <p class="soft">
        ${dateTime(decided.at)}${decided.policyVersion === null ? nothing : html`, by ${policyLink(options, decided.policyVersion)}`}
      </p>
    </div>
    <div>
      <h3>${isSame ? "Now, the same" : "Now"}</h3>
      ${verdictBadge(verdict)} ${cell(now)}
      <p class="soft">by ${policyLink(options, policyVersion)}</p>
    </div>
  </div>`;
}

/** That nothing refuses it is less than that everything was asked. */
const sayUnasked = (skipped: number): string =>
  `Every rule that was asked passes, and ${skipped === 1 ? "one was" : `${skipped} were`} not asked`;

/** A whole explanation: the answer, why, what was read, and what would change it. */
export function explanationView(options: ViewOptions): TemplateResult {
  const { explanation, draftId, again } = options;
  const { verdict, policyVersion, cost, network, wallet, fixes, trace } = explanation;
  const failing = trace.filter((entry) => entry.verdict === "fail").length;
  const skipped = trace.filter((entry) => entry.verdict === "skip").length;
  return html`<div class="explanation">
    ${panel({
      title: verdict === "sponsor" ? "It would be sponsored" : "It would be refused",
      lead:
        verdict === "sponsor"
          ? html`${skipped === 0 ? "Every rule passes" : sayUnasked(skipped)}, by ${policyLink(options, policyVersion)}.`
          : html`${failing === 1 ? "One rule fails" : `${failing} rules fail`}, by
            ${policyLink(options, policyVersion)}.`,
      actions: verdictBadge(verdict),
      body: html`${thenAndNow(options)}
      ${facts([
        ["Fee at worst", amount(network, cost.fee)],
        ["Rent at worst", amount(network, cost.rent)],
        [
          "Wallet",
          wallet === "" ? "nobody in particular" : shortCode(wallet.slice(wallet.indexOf(":") + 1), "address"),
        ],
        ["Network", network],
      ])}
      ${traceList(explanation, (rule) => ruleHref(options, rule))}`,
    })}
    ${
      fixes.length === 0
        ? nothing
        : panel({
            title: "What would let it through",
            lead: "Changes of the policy, the smallest first. Each becomes a draft: nothing counts before it is published.",
            body: html`<explain-fixes .explanation=${explanation} .draftId=${draftId} .again=${again}></explain-fixes>`,
          })
    }
    ${panel({
      title: "The transaction as it was read",
      body: instructionList(explanation),
    })}
  </div>`;
}
