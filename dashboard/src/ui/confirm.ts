import { html, LitElement, nothing, type TemplateResult } from "lit";
import { button } from "./button.ts";
import { dialog } from "./dialog.ts";
import { textField } from "./field.ts";

interface Question {
  readonly heading: string;
  readonly body: string | TemplateResult;
  /** On the button: what will be done. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Has to be typed first, for what cannot be taken back. */
  readonly word?: string;
}

interface Asked extends Question {
  readonly answer: (isSure: boolean) => void;
}

/** Those on the page; there is one. */
const hosts = new Set<ConfirmElement>();

/** Asks before something is done; false when the person thinks better of it. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const [host] = hosts;
    if (host) host.ask({ ...question, answer: resolve });
    else resolve(false);
  });
}

/** Whoever was asked has left what it was about: it is not done. */
export function withdrawQuestion(): void {
  for (const host of hosts) host.withdraw();
}

/** Where `confirm` asks: once on the page. */
export class ConfirmElement extends LitElement {
  static override properties = { asked: { state: true }, typed: { state: true } };
  declare private asked: Asked | undefined;
  declare private typed: string;

  constructor() {
    super();
    this.typed = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    hosts.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hosts.delete(this);
    this.#answer(false);
  }

  ask(asked: Asked): void {
    this.#answer(false);
    this.typed = "";
    this.asked = asked;
  }

  withdraw(): void {
    this.#answer(false);
  }

  readonly #answer = (isSure: boolean): void => {
    const { asked } = this;
    this.asked = undefined;
    asked?.answer(isSure);
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { asked } = this;
    return dialog({
      heading: asked?.heading ?? "",
      isOpen: asked !== undefined,
      onClose: () => this.#answer(false),
      body: () => (asked ? this.#question(asked) : html``),
    });
  }

  #question({ body, action, isDangerous = false, word }: Asked): TemplateResult {
    const isTyped = word === undefined || this.typed.trim() === word;
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      if (isTyped) this.#answer(true);
    };
    return html`<form class="form" novalidate @submit=${submit}>
      <div>${typeof body === "string" ? html`<p>${body}</p>` : body}</div>
      ${
        word === undefined
          ? nothing
          : textField({
              name: "confirm-word",
              label: `Type ${word} to go on`,
              value: this.typed,
              isMono: true,
              onInput: (value) => (this.typed = value),
            })
      }
      <div class="actions">
        ${button({
          label: action,
          kind: isDangerous ? "danger" : "primary",
          type: "submit",
          blocked: isTyped ? undefined : `Type ${word} first.`,
        })}
        ${button({ label: "Cancel", kind: "plain", onClick: () => this.#answer(false) })}
      </div>
    </form>`;
  }
}

customElements.define("ui-confirm", ConfirmElement);
