import { html, type TemplateResult } from "lit";
import { algorandAllow } from "./algorand-allow.ts";
import { balanceFields } from "./balance-fields.ts";
import type { Editing } from "./editing.ts";
import { limitFields } from "./limit-fields.ts";
import { optionFields } from "./option-fields.ts";
import { programFields } from "./program-fields.ts";
import { solanaAllow } from "./solana-allow.ts";
import { sponsorFields } from "./sponsor-fields.ts";

interface SolanaDialogs {
  readonly onAddInstructions: () => void;
  readonly onAddProgram: () => void;
}

export const solanaForm = (editing: Editing, { onAddInstructions, onAddProgram }: SolanaDialogs): TemplateResult =>
  html`${solanaAllow(editing, onAddInstructions)} ${limitFields(editing)} ${sponsorFields(editing)}
  ${optionFields(editing)} ${programFields(editing, onAddProgram)}`;

export const algorandForm = (editing: Editing): TemplateResult =>
  html`${algorandAllow(editing)} ${limitFields(editing)} ${balanceFields(editing)}`;
