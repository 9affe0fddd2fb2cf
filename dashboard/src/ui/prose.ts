import { html, type TemplateResult } from "lit";

const CODE = /`([^`]+)`/;

/** A sentence of the API: what stands between backticks is shown as code, all of it as the text that it is. */
export const prose = (sentence: string): TemplateResult =>
  // With a group, `split` gives what is between and what is within in turn.
  html`${sentence.split(CODE).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
