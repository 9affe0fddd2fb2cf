import { create, find } from "./dom.ts";

/** Puts lines on the receipt, and says the one sentence that matters. */
export function showLines(lines: readonly HTMLElement[], sentence: string): void {
  const list = find("receipt-lines", HTMLElement);
  list.replaceChildren(...lines);
  list.hidden = false;
  find("receipt-empty", HTMLElement).hidden = true;
  announce(sentence);
}

/** Writes "finalized" on the receipt of the transaction, if it is still the one that is shown. */
export function markFinal(transactionId: string): void {
  const lines = find("receipt-lines", HTMLElement);
  const isShown = lines.textContent.includes(transactionId);
  const state = lines.querySelector(".state dd");
  if (isShown && state !== null) state.textContent = "finalized";
}

export function line(name: string, value: string, kind = ""): HTMLElement {
  return create("div", { class: `line ${kind}`.trim() }, create("dt", {}, name), create("dd", {}, value));
}

/** A value of many characters, with a button that copies it. */
export function long(name: string, value: string): HTMLElement {
  const copy = create("button", { type: "button", class: "copy", "aria-label": `Copy: ${name}` }, "Copy");
  copy.addEventListener("click", () => {
    navigator.clipboard
      .writeText(value)
      .then(() => announce(`${name} copied.`))
      .catch(() => announce("Copying is not allowed here. Select the text instead."));
  });
  return create(
    "div",
    { class: "line long" },
    create("dt", {}, name),
    create("dd", {}, create("code", {}, value), copy),
  );
}

function announce(text: string): void {
  find("receipt-status", HTMLElement).textContent = text;
}
