import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Scope } from "../../../../bff/src/contract/manage/values.ts";
import { selectField } from "../../ui/field.ts";
import { PRESETS, presetOf, SCOPE_GROUPS, toggleScope } from "./scopes.ts";

interface ScopesOptions {
  readonly scopes: readonly Scope[];
  readonly error: string | undefined;
  readonly onChange: (scopes: readonly Scope[]) => void;
}

/** What a secret key may do: a common set, or one by one. */
export function scopesField({ scopes, error, onChange }: ScopesOptions): TemplateResult {
  const preset = presetOf(scopes);
  const hint = PRESETS.find(({ value }) => value === preset)?.hint ?? "Choose below what it may do.";
  return html`
    ${selectField<string>({
      name: "preset",
      label: "What it is for",
      hint,
      value: preset,
      options: [{ value: "own", label: "Something of its own" }, ...PRESETS],
      onChange: (value) => onChange(PRESETS.find((each) => each.value === value)?.scopes ?? []),
    })}
    <div class="scopes" role="group" aria-label="Scopes" aria-describedby=${error ? "scopes-error" : nothing}>
      ${SCOPE_GROUPS.map(
        ([group, choices]) =>
          html`<fieldset class="field choice">
            <legend>${group}</legend>
            ${choices.map(
              ({ scope, label, hint: meaning }) =>
                html`<label class="option">
                  <input
                    type="checkbox"
                    name=${scope}
                    .checked=${live(scopes.includes(scope))}
                    @change=${(event: Event) =>
                      onChange(toggleScope(scopes, scope, (event.target as HTMLInputElement).checked))}
                  />
                  <span
                    >${label}<small>${meaning} · <code>${scope}</code></small></span
                  >
                </label>`,
            )}
          </fieldset>`,
      )}
    </div>
    ${error ? html`<small class="fault" id="scopes-error" role="alert">${error}</small>` : nothing}
  `;
}
