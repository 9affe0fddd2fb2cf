import { html, type PropertyValues, type TemplateResult } from "lit";
import type { ListEntry } from "../../../../bff/src/contract/manage/lists.ts";
import { AppElement } from "../../app/element.ts";
import { instantOf } from "../../format/period.ts";
import { shorten } from "../../ui/copy.ts";
import { dialog } from "../../ui/dialog.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { toast } from "../../ui/toast.ts";
import { whyNotDeny } from "./known-accounts.ts";
import { type ListName, LISTS } from "./list-kinds.ts";

export class EntrySavedEvent extends Event {
  readonly entry: ListEntry;

  constructor(entry: ListEntry) {
    super("entry-saved");
    this.entry = entry;
  }
}

interface EntryValues {
  readonly address: string;
  readonly note: string;
  readonly expires: string;
}

/**
 * Puts an address onto a network's denylist or allowlist.
 * @fires entry-saved - it is on the list
 * @fires entry-closed - the dialog was closed, with or without an entry
 */
export class ListEntryDialogElement extends AppElement {
  static override properties = {
    list: { attribute: false },
    network: { attribute: false },
    address: { attribute: false },
    isOpen: { attribute: false },
  };
  declare list: ListName;
  declare network: string;
  /** Filled in; empty where it is typed. */
  declare address: string;
  declare isOpen: boolean;

  readonly #form = createForm<EntryValues, ListEntry>(this, {
    initial: { address: "", note: "", expires: "" },
    check: ({ address, expires }) => {
      const fault = this.#addressFault(address.trim());
      return {
        ...(fault !== undefined && { address: fault }),
        ...(expires !== "" && !(Date.parse(expires) > Date.now()) && { expires: "is over already" }),
      };
    },
    submit: ({ address, note, expires }) => {
      const expiresAt = instantOf(expires);
      return this.app.api.call(LISTS[this.list].add, {
        params: { projectId: this.app.project?.id ?? "", network: this.network },
        body: {
          address: address.trim(),
          ...(note.trim() !== "" && { note: note.trim() }),
          ...(expiresAt !== undefined && { expiresAt }),
        },
      });
    },
    onDone: (entry) => {
      toast(`${shorten(entry.address, 6)} is on the ${this.list} of ${this.network}.`);
      this.dispatchEvent(new EntrySavedEvent(entry));
      this.#close();
    },
  });

  constructor() {
    super();
    this.list = "denylist";
    this.network = "";
    this.address = "";
    this.isOpen = false;
  }

  #addressFault(address: string): string | undefined {
    if (address === "") return "is needed";
    return this.list === "denylist" ? whyNotDeny(address) : undefined;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event("entry-closed"));
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("isOpen") && this.isOpen) this.#form.reset({ address: this.address, note: "", expires: "" });
  }

  protected override render(): TemplateResult {
    return dialog({
      heading: LISTS[this.list].addLabel,
      isOpen: this.isOpen,
      onClose: this.#close,
      body: () => this.#body(),
    });
  }

  #body(): TemplateResult {
    const { add, addLabel, addressHint } = LISTS[this.list];
    return this.#form.view({
      action: addLabel,
      blocked: this.blocked(add),
      onCancel: this.#close,
      fields: [
        textField({
          ...this.#form.text("address"),
          label: `Address on ${this.network}`,
          hint: addressHint,
          isMono: true,
          isRequired: true,
        }),
        textField({
          ...this.#form.text("note"),
          label: "Note",
          hint: "Why: whoever looks at the list later will want to know.",
          isRequired: false,
          maxLength: 200,
        }),
        textField({
          ...this.#form.text("expires"),
          label: "Ends",
          hint: html`Then it leaves the list by itself. Empty: it stays.`,
          type: "datetime-local",
          isRequired: false,
        }),
      ],
    });
  }
}

customElements.define("list-entry-dialog", ListEntryDialogElement);
