import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import type { CreatedInvitation, Invitation } from "../../../../bff/src/contract/manage/organizations.ts";
import type { Role } from "../../../../bff/src/contract/manage/values.ts";
import { AppElement } from "../../app/element.ts";
import { time } from "../../format/times.ts";
import { stateBadge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { codeBlock, shortWallet } from "../../ui/copy.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField, selectField, textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { type Column, dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { walletFilter } from "../decisions/wallet-filter.ts";
import { mayHandle, ROLES } from "./roles.ts";

const INITIAL: Readonly<Record<"note" | "wallet" | "life", string>> & { readonly role: Role } = {
  role: "developer",
  note: "",
  wallet: "",
  life: "604800",
};

const LIVES = [
  { value: "86400", label: "A day" },
  { value: "604800", label: "A week" },
  { value: "2592000", label: "30 days" },
];

const COLUMNS: readonly Column<Invitation>[] = [
  {
    key: "note",
    header: "For",
    cell: ({ note, wallet }) => note ?? (wallet ? shortWallet(wallet, 5) : "whoever has the code"),
  },
  { key: "role", header: "Role", cell: ({ role }) => role },
  { key: "state", header: "State", cell: ({ state }) => stateBadge(state) },
  { key: "made", header: "Made", cell: ({ createdAt }) => time(createdAt) },
  { key: "ends", header: "Ends", cell: ({ expiresAt }) => time(expiresAt) },
];

/** Invitations: make one, hand its link over, take it back. */
export class InvitationListElement extends AppElement {
  static override properties = {
    organizationId: { attribute: false },
    isInviting: { state: true },
    created: { state: true },
  };
  declare organizationId: string;
  declare private isInviting: boolean;
  declare private created: CreatedInvitation | undefined;

  readonly #pager = createPager(this);
  readonly #invitations = new Task(this, {
    args: () => [this.organizationId, this.#pager.cursor, this.blocked("listInvitations")] as const,
    task: async ([organizationId, cursor, blocked], { signal }) =>
      blocked === undefined
        ? await this.app.api.call("listInvitations", { params: { organizationId }, query: { cursor }, signal })
        : undefined,
  });

  readonly #form = createForm(this, {
    initial: INITIAL,
    check: ({ wallet }) =>
      wallet.trim() === "" || walletFilter(wallet) !== undefined
        ? {}
        : { wallet: "is no whole address, such as a wallet or an explorer shows it" },
    submit: ({ role, note, wallet, life }) =>
      this.app.api.call("createInvitation", {
        params: { organizationId: this.organizationId },
        body: {
          role,
          ...(note.trim() !== "" && { note: note.trim() }),
          ...(wallet.trim() !== "" && { wallet: walletFilter(wallet) ?? wallet.trim() }),
          expiresInSeconds: Number(life),
        },
      }),
    onDone: async (created) => {
      // Its code is shown once: it is shown also to whoever has closed the dialog meanwhile.
      this.created = created;
      this.isInviting = true;
      await this.#invitations.run();
    },
  });

  constructor() {
    super();
    this.isInviting = false;
  }

  /** Opens the dialog. */
  invite(): void {
    this.#form.reset();
    this.created = undefined;
    this.isInviting = true;
  }

  async #revoke({ id }: Invitation): Promise<void> {
    const isSure = await confirm({
      heading: "Take the invitation back?",
      body: "Its link opens nothing any more.",
      action: "Take it back",
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await this.app.api.call("revokeInvitation", {
        params: { organizationId: this.organizationId, invitationId: id },
      });
      toast("The invitation is taken back.");
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#invitations.run();
  }

  #dialog(): TemplateResult {
    const close = () => {
      this.isInviting = false;
      this.created = undefined;
    };
    return dialog({
      heading: this.created ? "Hand this link over" : "Invite somebody",
      isOpen: this.isInviting,
      onClose: close,
      body: () => (this.created ? this.#link(this.created, close) : this.#fields(close)),
    });
  }

  #fields(close: () => void): TemplateResult {
    const form = this.#form;
    const own = this.app.membership?.role ?? "viewer";
    return form.view({
      fields: html`${choiceField({
        ...form.choice("role"),
        label: "Role",
        options: ROLES.map((role) => ({ ...role, isDisabled: !mayHandle(own, role.value) })),
      })}
      ${textField({
        ...form.text("note"),
        label: "For whom",
        hint: "A note for you and the others; the invited person does not see it.",
        isRequired: false,
        maxLength: 120,
      })}
      ${textField({
        ...form.text("wallet"),
        label: "Address of their wallet",
        hint: "Its Solana or Algorand address: then the link opens for that wallet alone.",
        placeholder: "7v91… or solana:7v91…",
        isRequired: false,
        isMono: true,
      })}
      ${selectField({ ...form.choice("life"), label: "Open for", options: LIVES })}`,
      action: "Make the link",
      onCancel: close,
    });
  }

  #link({ code, role, wallet }: CreatedInvitation, close: () => void): TemplateResult {
    const address = `${location.origin}/dashboard/#invitation=${code}`;
    return html`<p>
        Whoever opens it first ${wallet ? `with the wallet ${shortWallet(wallet, 5)} ` : ""}becomes a member, as
        ${role}. It is shown only now.
      </p>
      ${codeBlock(address, "the invitation")}
      <div class="actions">${button({ label: "Done", kind: "primary", onClick: close })}</div>`;
  }

  protected override render(): TemplateResult {
    return html`${panel({
      title: "Invitations",
      body: loaded(this.#invitations, (page) =>
        page
          ? html`${dataTable({
              caption: "Invitations",
              rows: page.data,
              key: ({ id }) => id,
              columns: [
                ...COLUMNS,
                {
                  key: "tools",
                  header: "Actions",
                  isHeaderHidden: true,
                  cell: (invitation) =>
                    invitation.state === "open"
                      ? button({
                          label: "Take back",
                          kind: "plain",
                          about: `the invitation for ${invitation.note ?? invitation.role}`,
                          blocked: this.blocked("revokeInvitation"),
                          onClick: () => this.#revoke(invitation),
                        })
                      : nothing,
                },
              ],
              empty: emptyState({
                icon: "people",
                title: "Nobody is invited",
                body: "An invitation is a link that opens once.",
              }),
            })}
            ${this.#pager.view(page.nextCursor)}`
          : emptyState({
              icon: "people",
              title: "Invitations are for owners and admins",
              body: this.blocked("listInvitations") ?? "",
            }),
      ),
    })}
    ${this.#dialog()}`;
  }
}

customElements.define("invitation-list", InvitationListElement);
