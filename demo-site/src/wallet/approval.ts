import { create } from "../dom.ts";

export interface ApprovalRequest {
  /** Who asks: "Demo Wallet" when absent. */
  readonly wallet?: string;
  readonly title: string;
  readonly lead: string;
  /** What exactly is asked for, shown as it is. */
  readonly lines: readonly string[];
  readonly isVerbatim?: boolean;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

let last: Promise<unknown> = Promise.resolve();
let count = 0;

/**
 * Asks the person in the wallet's own dialog, one request after the other.
 * @throws Error with code 4001 when they say no, as wallets do
 */
export function askApproval(request: ApprovalRequest): Promise<void> {
  const asked = last.then(() => ask(request));
  last = asked.catch(() => undefined);
  return asked;
}

function ask({ wallet = "Demo Wallet", title, lead, lines, isVerbatim, signal }: ApprovalRequest): Promise<void> {
  count += 1;
  const id = `demo-wallet-${count}`;
  const heading = create("h2", { id, tabindex: "-1" }, title);
  const content = isVerbatim
    ? create("pre", { tabindex: "0", role: "region", "aria-label": "The text to sign" }, lines.join("\n"))
    : create("ul", {}, ...lines.map((text) => create("li", {}, text)));
  const reject = create("button", { type: "button", class: "button quiet" }, "Reject");
  const approve = create("button", { type: "button", class: "button" }, "Approve");
  const dialog = create(
    "dialog",
    { class: "demo-wallet", "aria-labelledby": id, "aria-describedby": `${id}-lead` },
    create("p", { class: "wallet-name" }, wallet, create("span", {}, "throwaway")),
    heading,
    create("p", { id: `${id}-lead` }, lead),
    content,
    create("div", { class: "actions" }, reject, approve),
  );

  if (signal?.aborted) return Promise.reject(rejection());
  // Shown last, so that it stands above a dialog of the page that is asking.
  document.body.append(dialog);
  dialog.showModal();
  // Neither button: a key that is still held down must not decide.
  heading.focus();
  return new Promise((resolve, fail) => {
    approve.addEventListener("click", () => dialog.close("approve"));
    reject.addEventListener("click", () => dialog.close("reject"));
    signal?.addEventListener("abort", () => dialog.close("reject"));
    // Escape closes it without a value.
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "approve") resolve();
      else fail(rejection());
    });
  });
}

function rejection(): Error {
  return Object.assign(new Error("The request was rejected."), { code: 4001 });
}
