import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { problemNote } from "../../../ui/states.ts";
import type { Finding } from "../model/findings.ts";
import { placeWords } from "../model/place-words.ts";
import type { Json } from "../model/pointer.ts";
import { findingList } from "../view/findings.ts";
import type { Checker } from "./checker.ts";

interface PanelOptions {
  readonly checker: Checker;
  readonly document: Json;
  readonly onShow: (finding: Finding) => void;
  readonly onMend: () => void;
  readonly blocked: string | undefined;
  /** Why what is typed was not checked. */
  readonly unread: string | undefined;
}

const count = (findings: readonly Finding[], severity: Finding["severity"]): string => {
  const found = findings.filter((finding) => finding.severity === severity).length;
  return found === 0 ? "" : `${found} ${severity}${found === 1 ? "" : "s"}`;
};

/** What the check says, always in sight. */
export function findingsPanel({ checker, document, onShow, onMend, blocked, unread }: PanelOptions): TemplateResult {
  const { findings, isRunning, hasAnswer, mended } = checker;
  const problem = unread === undefined ? checker.problem : undefined;
  const told = [count(findings, "error"), count(findings, "warning")].filter(Boolean).join(", ");
  return html`<section class="panel policy-check" aria-label="Check">
    <header>
      <div>
        <h2>Check</h2>
        <p role="status" aria-busy=${isRunning ? "true" : "false"}>
          ${problem === undefined ? (unread ?? (told || (hasAnswer ? "Nothing is wrong with it." : "Not checked yet."))) : ""}
        </p>
      </div>
      <div class="actions">
        ${
          mended && unread === undefined
            ? button({
                label: "Apply all fixes",
                icon: "check",
                blocked: blocked ?? (isRunning ? "Your last change is still being checked." : undefined),
                onClick: onMend,
              })
            : nothing
        }
      </div>
    </header>
    ${problem === undefined ? nothing : problemNote(problem)}
    ${findings.length === 0 || unread !== undefined ? nothing : findingList({ findings, sayPlace: (pointer) => placeWords(document, pointer), onShow })}
  </section>`;
}
