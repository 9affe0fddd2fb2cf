import { html, type TemplateResult } from "lit";

/** Two tones that follow from an address, so that a person sees at a glance which account it is. */
export function avatar(address: string): TemplateResult {
  const sum = (text: string) =>
    Array.from(text, (letter) => letter.charCodeAt(0)).reduce((all, code) => all + code * 7, 0);
  const half = address.length >> 1;
  const hues = [sum(address.slice(0, half)) % 360, sum(address.slice(half)) % 360];
  return html`<svg class="avatar" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <circle cx="12" cy="12" r="12" fill="hsl(${hues[0]} 70% 60%)"></circle>
    <path d="M0 12a12 12 0 0 0 24 0c-6-5-18 5-24 0" fill="hsl(${hues[1]} 70% 45%)"></path>
  </svg>`;
}
