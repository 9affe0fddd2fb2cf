import { find } from "../dom.ts";
import { readPeraLink } from "./pera-link.ts";

const PHONE = "/algorand/phone";
/** One window, however often it is asked for. */
const WINDOW = "gasless-demo-phone";
const FEATURES = "popup,width=400,height=760";

/** The demo phone opens by its button, and by whatever would open the Pera app: a machine for trying has none. */
export function offerPhone(): void {
  find("open-phone", HTMLButtonElement).addEventListener("click", () => openPhone(""));
  document.addEventListener(
    "click",
    (event) => {
      const anchor = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
      const uri = anchor instanceof HTMLAnchorElement ? readPeraLink(anchor.href) : undefined;
      if (uri === undefined) return;
      event.preventDefault();
      openPhone(uri);
    },
    { capture: true },
  );
}

/** Without an address to pair with, the phone stays as it is, and comes to the front. */
function openPhone(uri: string): void {
  const open = uri === "" ? window.open("", WINDOW, FEATURES) : undefined;
  const isThere = open?.location.pathname === PHONE;
  const target = uri === "" ? PHONE : `${PHONE}#${encodeURIComponent(uri)}`;
  (isThere ? open : window.open(target, WINDOW, FEATURES))?.focus();
}
