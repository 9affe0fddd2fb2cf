import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import type { ManagedSession, ManagedUserDetail } from "../../../../bff/src/contract/manage/traffic.ts";
import { Page } from "../../app/page.ts";
import { curlOf } from "../../format/curl.ts";
import { dateTime, time } from "../../format/times.ts";
import { button, linkButton } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { facts, pageHead, panel } from "../../ui/layout.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { copyCurlButton } from "../decisions/copy-curl.ts";
import { walletCode } from "../decisions/wallet-code.ts";
import "./users.css";

export class UserPageElement extends Page {
  readonly #user = new Task(this, {
    args: () => [this.project.id, this.params["user"] ?? ""] as const,
    task: ([projectId, userId], { signal }) => this.app.api.call("readUser", { params: { projectId, userId }, signal }),
  });

  protected override render(): TemplateResult {
    const params = { projectId: this.project.id, userId: this.params["user"] ?? "" };
    return html`
      ${pageHead({
        title: "User",
        lead: html`<code>${params.userId}</code>`,
        back: { href: this.projectLink("users"), label: "Users" },
        actions: copyCurlButton(curlOf(location.origin, "readUser", { params })),
      })}
      ${loaded(this.#user, (user) => html`<div class="stack">${this.#detail(user)}</div>`)}
    `;
  }

  #detail(user: ManagedUserDetail): TemplateResult {
    const { wallets, createdAt, lastSeenAt, sessions, openSessions } = user;
    const [wallet] = wallets;
    return html`
      ${panel({
        title: "Who it is",
        actions: html`${linkButton({ label: "Their relays", href: this.projectLink("relays", { wallet }) })}
        ${linkButton({ label: "Their decisions", href: this.projectLink("decisions", { wallet }) })}`,
        body: facts([
          ["Wallets", html`<span class="wallets">${wallets.map((each) => walletCode(each, 8))}</span>`],
          ["Since", dateTime(createdAt)],
          ["Last seen", time(lastSeenAt)],
        ]),
      })}
      ${panel({
        title: "Open sessions",
        lead:
          sessions > openSessions.length
            ? `The latest ${openSessions.length} of ${sessions}. Each is one browser that stays signed in.`
            : "Each is one browser that stays signed in.",
        actions: button({
          label: "Sign out everywhere",
          kind: "danger",
          blocked: this.blocked("revokeUserSessions") ?? (sessions === 0 ? "No session is open." : undefined),
          onClick: () => this.#revokeAll(user),
        }),
        body: dataTable<ManagedSession>({
          caption: "Open sessions",
          rows: openSessions,
          key: ({ id }) => id,
          columns: this.#columns(),
          empty: emptyState({
            icon: "user",
            title: "No session is open",
            body: "Nothing is sponsored for this user until they sign in again.",
          }),
        }),
      })}
    `;
  }

  #columns() {
    return [
      { key: "origin", header: "Page", cell: ({ origin }: ManagedSession) => html`<code>${origin}</code>` },
      { key: "wallet", header: "Wallet", cell: ({ wallet }: ManagedSession) => walletCode(wallet) },
      { key: "network", header: "Network", cell: ({ network }: ManagedSession) => network },
      { key: "amr", header: "Proved by", cell: ({ amr }: ManagedSession) => amr.join(", ") },
      { key: "since", header: "Since", cell: ({ createdAt }: ManagedSession) => time(createdAt) },
      { key: "idle", header: "Ends unused", cell: ({ idleExpiresAt }: ManagedSession) => time(idleExpiresAt) },
      {
        key: "revoke",
        header: "End",
        isHeaderHidden: true,
        cell: (session: ManagedSession) =>
          button({
            label: "End",
            about: `the session on ${session.origin}`,
            kind: "plain",
            blocked: this.blocked("revokeSession"),
            onClick: () => this.#revoke(session),
          }),
      },
    ];
  }

  async #revokeAll({ id, sessions }: ManagedUserDetail): Promise<void> {
    const isSure = await confirm({
      heading: "Sign this user out everywhere?",
      body: `${sessions === 1 ? "The open session ends" : `All ${sessions} open sessions end`} at once, and nothing more is sponsored for them. The user can sign in again: to keep a wallet out, put it on the denylist.`,
      action: "Sign out everywhere",
      isDangerous: true,
    });
    if (isSure) {
      await this.#done(this.app.api.call("revokeUserSessions", { params: { projectId: this.project.id, userId: id } }));
    }
  }

  async #revoke({ id, origin }: ManagedSession): Promise<void> {
    const isSure = await confirm({
      heading: "End this session?",
      body: `The browser that signed in on ${origin} is signed out, and nothing more is sponsored for it.`,
      action: "End it",
      isDangerous: true,
    });
    if (isSure) {
      await this.#done(this.app.api.call("revokeSession", { params: { projectId: this.project.id, sessionId: id } }));
    }
  }

  async #done(call: Promise<{ readonly revoked: number }>): Promise<void> {
    try {
      const { revoked } = await call;
      toast(revoked === 1 ? "One session was ended." : `${revoked} sessions were ended.`);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#user.run();
  }
}

customElements.define("user-page", UserPageElement);
