import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { Member } from "../../../../bff/src/contract/manage/organizations.ts";
import type { Role } from "../../../../bff/src/contract/manage/values.ts";
import { AppElement } from "../../app/element.ts";
import { link } from "../../app/router.ts";
import { time } from "../../format/times.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { shorten, shortCode } from "../../ui/copy.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { lastOwner, mayHandle, ROLES } from "./roles.ts";

const PAGE = "50";
const UNCHANGED: { readonly role: Role; readonly userId: string } = { role: "viewer", userId: "" };
const walletOf = ({ wallets, userId }: Member): string => wallets[0] ?? userId;
const addressOf = (wallet: string): string => wallet.replace(/^[a-z0-9]+:/, "");

/** The members of an organization: change a role, remove somebody, leave. */
export class MemberListElement extends AppElement {
  static override properties = { organizationId: { attribute: false }, changing: { state: true } };
  declare organizationId: string;
  declare private changing: Member | undefined;

  readonly #pager = createPager(this);
  readonly #members = new Task(this, {
    args: () => [this.organizationId, this.#pager.cursor] as const,
    task: ([organizationId, cursor], { signal }) =>
      this.app.api.call("listMembers", { params: { organizationId }, query: { limit: PAGE, cursor }, signal }),
  });

  readonly #form = createForm(this, {
    initial: UNCHANGED,
    submit: ({ role, userId }) =>
      this.app.api.call("changeMember", { params: { organizationId: this.organizationId, userId }, body: { role } }),
    onDone: async ({ role, userId }, isCurrent) => {
      if (isCurrent) this.changing = undefined;
      toast(`The role is ${role} now.`);
      if (userId === this.app.user.id) await this.app.refresh();
      await this.#members.run();
    },
  });

  /** Why this member's role stays as it is. */
  #unchangeable(member: Member, members: readonly Member[], isAll: boolean): string | undefined {
    const own = this.app.membership?.role ?? "viewer";
    if (!mayHandle(own, member.role)) return `Only owners can change an owner; your role is ${own}.`;
    return this.blocked("changeMember") ?? lastOwner(member, members, isAll);
  }

  async #remove(member: Member): Promise<void> {
    const isSelf = member.userId === this.app.user.id;
    const name = this.app.membership?.organization.name ?? "the organization";
    const isSure = await confirm({
      heading: isSelf ? `Leave ${name}?` : "Remove this member?",
      body: isSelf
        ? "You will see none of its projects any more. Only an invitation brings you back."
        : `${shorten(addressOf(walletOf(member)))} will see none of the organization's projects any more.`,
      action: isSelf ? "Leave" : "Remove",
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await this.app.api.call("removeMember", {
        params: { organizationId: this.organizationId, userId: member.userId },
      });
      toast(isSelf ? `You have left ${name}.` : "The member is removed.");
      if (isSelf) {
        await this.app.refresh();
        this.app.navigate(link("/"));
      } else await this.#members.run();
    } catch (thrown) {
      toastError(thrown);
    }
  }

  #tools(member: Member, members: readonly Member[], isAll: boolean): TemplateResult {
    const isSelf = member.userId === this.app.user.id;
    const blocked = this.#unchangeable(member, members, isAll);
    const about = shorten(addressOf(walletOf(member)));
    const change = () => {
      this.#form.reset({ role: member.role, userId: member.userId });
      this.changing = member;
    };
    return html`<span class="actions">
      ${button({ label: "Change role", kind: "plain", about: `of ${about}`, blocked, onClick: change })}
      ${button({
        label: isSelf ? "Leave" : "Remove",
        kind: "plain",
        about,
        // Everybody may leave.
        blocked: isSelf ? lastOwner(member, members, isAll) : blocked,
        onClick: () => this.#remove(member),
      })}
    </span>`;
  }

  #dialog(): TemplateResult {
    const own = this.app.membership?.role ?? "viewer";
    const close = () => (this.changing = undefined);
    return dialog({
      heading: "Change the role",
      isOpen: this.changing !== undefined,
      onClose: close,
      body: () =>
        this.#form.view({
          fields: choiceField({
            ...this.#form.choice("role"),
            label: "Role",
            options: ROLES.map((role) => ({ ...role, isDisabled: !mayHandle(own, role.value) })),
          }),
          action: "Change it",
          onCancel: close,
        }),
    });
  }

  protected override render(): TemplateResult {
    return html`${panel({
      title: "Members",
      body: loaded(
        this.#members,
        ({ data, nextCursor }) =>
          html`${dataTable({
            caption: "Members",
            rows: data,
            key: ({ userId }) => userId,
            columns: [
              {
                key: "wallet",
                header: "Wallet",
                cell: (member) =>
                  html`${shortCode(addressOf(walletOf(member)), "the address")}
                  ${member.userId === this.app.user.id ? badge("you", "info") : ""}`,
              },
              { key: "role", header: "Role", cell: ({ role }) => role },
              { key: "joined", header: "Joined", cell: ({ joinedAt }) => time(joinedAt) },
              { key: "seen", header: "Last seen", cell: ({ lastSeenAt }) => time(lastSeenAt) },
              {
                key: "tools",
                header: "Actions",
                isHeaderHidden: true,
                cell: (member) => this.#tools(member, data, nextCursor === null && !this.#pager.cursor),
              },
            ],
          })}
          ${this.#pager.view(nextCursor)}`,
      ),
    })}
    ${this.#dialog()}`;
  }
}

customElements.define("member-list", MemberListElement);
