import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { CreatedKey } from "../../../../bff/src/contract/manage/projects.ts";
import { button } from "../../ui/button.ts";
import { codeBlock } from "../../ui/copy.ts";
import { checkField } from "../../ui/field.ts";

/**
 * A key that was made just now, until somebody says that it is stored.
 * @fires key-stored - it may go
 */
export class NewKeyPanelElement extends LitElement {
  static override properties = { made: { attribute: false }, isStored: { state: true } };
  declare made: CreatedKey;
  declare private isStored: boolean;

  constructor() {
    super();
    this.isStored = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("made")) this.isStored = false;
  }

  protected override updated(changed: PropertyValues): void {
    // The dialog gives the focus back to its button as it closes; the key comes after that.
    if (changed.has("made")) setTimeout(() => this.querySelector("h2")?.focus());
  }

  protected override render(): TemplateResult {
    const { key, kind } = this.made;
    const isSecret = kind === "secret";
    return html`<section class="panel new-key">
      <header>
        <div>
          <h2 tabindex="-1">Your new ${kind} key</h2>
          <p>
            This is the only time that it is shown: nobody can read it again, not even from the database.
            ${isSecret ? "Put it where your servers read secrets, never into a page or a repository." : ""}
          </p>
        </div>
      </header>
      ${codeBlock(key, `${isSecret ? "Secret" : "Publishable"} key`)}
      <div class="actions">
        ${checkField({
          name: "is-stored",
          label: "I have stored it",
          isChecked: this.isStored,
          onChange: (isStored) => (this.isStored = isStored),
        })}
        ${button({
          label: "Done",
          kind: "primary",
          blocked: this.isStored ? undefined : "Store the key first, and say so.",
          onClick: () => this.dispatchEvent(new Event("key-stored")),
        })}
      </div>
    </section>`;
  }
}

customElements.define("new-key-panel", NewKeyPanelElement);
