import { html, nothing, type TemplateResult } from "lit";
import type { ManageExplanation } from "../../../../bff/src/contract/manage/policies.ts";
import { badge } from "../../ui/badge.ts";
import { shortCode, shorten } from "../../ui/copy.ts";

type Instruction = ManageExplanation["instructions"][number];

const sayArgument = (value: string | boolean | null): string => (value === null ? "absent" : String(value));

function card(instruction: Instruction, { trace, wallet }: ManageExplanation): TemplateResult {
  const { position, program, programName, instruction: name, arguments: fields, accounts } = instruction;
  const isRefused = trace.some((entry) => entry.instruction === position && entry.verdict === "fail");
  const address = wallet.slice(wallet.indexOf(":") + 1);
  const names = Object.entries(fields);
  return html`<li class="instruction">
    <h3>
      ${position + 1}. ${programName ?? nothing} <code title=${program}>${shorten(program, 6)}</code>
      ${name === null ? html`<span class="soft">could not be told apart</span>` : html`· <code>${name}</code>`}
      ${isRefused ? badge("refused", "bad") : nothing}
    </h3>
    ${
      names.length === 0
        ? nothing
        : html`<dl>
            ${names.map(
              ([field, value]) =>
                html`<div>
                  <dt>${field}</dt>
                  <dd><code>${sayArgument(value)}</code></dd>
                </div>`,
            )}
          </dl>`
    }
    ${
      accounts.length === 0
        ? nothing
        : html`<dl>
            ${accounts.map(
              (account) =>
                html`<div>
                  <dt>${account.role ?? "further account"}</dt>
                  <dd>
                    ${shortCode(account.address, "address", 6)}
                    ${account.address === address ? badge("signed-in wallet", "info") : nothing}
                  </dd>
                </div>`,
            )}
          </dl>`
    }
  </li>`;
}

/** The transaction as it was read. */
export const instructionList = (explanation: ManageExplanation): TemplateResult =>
  explanation.instructions.length === 0
    ? html`<p class="soft">It could not be read.</p>`
    : html`<ol class="instructions">
        ${explanation.instructions.map((instruction) => card(instruction, explanation))}
      </ol>`;
