import type { TemplateResult } from "lit";
import type { StringKey } from "../../../strings/en.ts";
import type { View, ViewContext } from "../view.ts";
import { accountView } from "./account.ts";
import { hardwareView } from "./hardware.ts";
import { problemView } from "./problem.ts";
import { changedView, explainView, openingView, sponsorView, successView, verifyingView } from "./progress.ts";
import { walletsView } from "./wallets.ts";

const TITLES: Readonly<Record<Exclude<View["name"], "sponsor">, StringKey>> = {
  wallets: "wallets.title",
  opening: "opening.title",
  explain: "explain.title",
  hardware: "hardware.title",
  verifying: "verifying.title",
  success: "success.title",
  account: "account.title",
  changed: "changed.title",
  problem: "error.title",
};

/** The heading of a view; it is announced when it changes. */
export function titleOf({ t, state }: ViewContext, view: View): string {
  const wallet = (view.name === "opening" ? view.wallet : state.walletName) ?? "";
  return t(view.name === "sponsor" ? sponsorTitle(view.at) : TITLES[view.name], { wallet });
}

function sponsorTitle(at: Extract<View, { name: "sponsor" }>["at"]): StringKey {
  if (at.step === "preparing") return "sponsor.preparing";
  if (at.step === "approving") return "sponsor.approve";
  const isDone = at.step === "following" && (at.relay.state === "confirmed" || at.relay.state === "finalized");
  return isDone ? "sponsor.confirmed" : "sponsor.sending";
}

export function contentOf(context: ViewContext, view: View): TemplateResult {
  switch (view.name) {
    case "wallets":
      return walletsView(context);
    case "opening":
      return openingView(context, view);
    case "explain":
      return explainView(context, view);
    case "hardware":
      return hardwareView(context, view);
    case "verifying":
      return verifyingView();
    case "success":
      return successView(context);
    case "account":
      return accountView(context, view);
    case "changed":
      return changedView(context);
    case "sponsor":
      return sponsorView(context, view);
    case "problem":
    default:
      return problemView(context, view);
  }
}
