import type { TemplateResult } from "lit";
import { button } from "../../ui/button.ts";
import { toast, toastError } from "../../ui/toast.ts";

async function copy(command: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(command);
    toast("Copied. It takes a secret key from GASLESS_SECRET_KEY.");
  } catch (thrown) {
    toastError(thrown);
  }
}

/** Puts the call behind what is shown into the clipboard, for a terminal. */
export const copyCurlButton = (command: string): TemplateResult =>
  button({ label: "Copy as curl", icon: "copy", onClick: () => copy(command) });
