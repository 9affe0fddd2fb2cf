import type { Place } from "../model/findings.ts";

/**
 * Brings what a finding is about into sight in the form, unfolding what is around it, and gives it the focus; false
 * where the form has no place for it.
 */
export function showPlace(root: HTMLElement, { pointer }: Place): boolean {
  let target: HTMLElement | null = null;
  for (let place = pointer; target === null && place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
    target = root.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(place)}"]`);
  }
  if (!target) return false;
  for (let around: HTMLElement | null = target; around && around !== root; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  target.scrollIntoView({ block: "center" });
  target.querySelector<HTMLElement>("summary, input, select, textarea, button")?.focus({ preventScroll: true });
  return true;
}
