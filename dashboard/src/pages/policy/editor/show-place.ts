import type { Finding } from "../model/findings.ts";

/** Brings what a finding is about into sight in the form, unfolding what is around it, and gives it the focus. */
export function showPlace(root: HTMLElement, { pointer }: Finding): void {
  let target: HTMLElement | null = null;
  for (let place = pointer; target === null && place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
    target = root.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(place)}"]`);
  }
  if (!target) return;
  for (let around: HTMLElement | null = target; around && around !== root; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  target.scrollIntoView({ block: "center" });
  target.querySelector<HTMLElement>("summary, input, select, textarea, button")?.focus({ preventScroll: true });
}
