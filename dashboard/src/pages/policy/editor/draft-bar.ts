import { html, nothing, type TemplateResult } from "lit";
import { button, linkButton } from "../../../ui/button.ts";
import { problemNote } from "../../../ui/states.ts";
import type { Draft, PolicyVersionDetail } from "../policy-types.ts";
import { plainText } from "../model/pointer.ts";
import type { SaveState } from "./autosave.ts";
import { parsedField } from "./parsed-field.ts";

interface BarOptions {
  readonly draft: Draft;
  readonly state: SaveState;
  readonly problem: unknown;
  /** After a conflict, whether the other change was made in another tab of the same person; undefined: not known yet. */
  readonly isOwnConflict: boolean | undefined;
  /** What is here is being kept as another draft. */
  readonly isKeeping: boolean;
  /** The text is no document: what is saved is what it was before. */
  readonly isHalf: boolean;
  readonly current: PolicyVersionDetail | undefined;
  /** Why it cannot be changed. */
  readonly readOnly: string | undefined;
  readonly onRename: (name: string) => void;
  readonly onPublish: () => unknown;
  readonly onRetry: () => unknown;
  readonly onTakeTheirs: () => unknown;
  readonly onKeepMine: () => unknown;
  /** To hold it against what was decided, and to one transaction. */
  readonly backtestLink: string;
  readonly explainLink: string;
}

const STATES: Readonly<Record<SaveState, string>> = {
  saved: "Saved",
  waiting: "Not saved yet",
  saving: "Saving…",
  failed: "Not saved",
  conflict: "Not saved",
};

/** Why there is nothing to publish, and no other view, of a text that is no document. */
export const HALF = "The text is no policy yet: mend it, or go back to what is saved.";

/** Two changes of one draft, of which one can count. */
function conflictNote({ isOwnConflict, isHalf, isKeeping, onKeepMine, onTakeTheirs }: BarOptions): TemplateResult {
  const isOwn = isOwnConflict === true;
  const said = {
    true: "You changed this draft in another tab.",
    false: "Somebody else changed this draft meanwhile, or you did on another device.",
    undefined: "This draft was changed elsewhere meanwhile.",
  }[`${isOwnConflict}`];
  return html`<div class="note warn" role="alert">
    <p><b>${said}</b> Nothing of ${isOwn ? "this tab" : "yours"} is saved any more, until you say what counts.</p>
    <div class="actions">
      ${button({
        label: isOwn ? "Keep this as another draft" : "Keep mine as another draft",
        kind: "primary",
        isBusy: isKeeping,
        blocked: isHalf ? HALF : undefined,
        onClick: onKeepMine,
      })}
      ${button({
        label: isOwn ? "Take the other tab's, and lose this" : "Take theirs, and lose mine",
        onClick: onTakeTheirs,
      })}
    </div>
  </div>`;
}

/** The draft's name, whether it is saved, and the way to publish it. */
export function draftBar(options: BarOptions): TemplateResult {
  const { draft, state, problem, isHalf, current, readOnly } = options;
  const { onRename, onPublish, onRetry } = options;
  const said = isHalf ? STATES.waiting : STATES[state];
  const isOld = draft.baseVersion !== (current?.version ?? null);
  return html`<div class="draft-bar panel">
      ${parsedField({
        name: "draft-name",
        label: "Draft",
        value: draft.name,
        show: plainText,
        // A draft without a name keeps the one it had.
        read: (typed) => typed.trim() || draft.name,
        onValue: (name) => onRename(plainText(name)),
        maxLength: 80,
        blocked: readOnly,
      })}
      <p class="save-state ${state}" role="status">${readOnly === undefined ? said : "To look at"}</p>
      <div class="actions">
        ${linkButton({ label: "Backtest", kind: "plain", href: options.backtestLink })}
        ${linkButton({ label: "Explain with it", kind: "plain", href: options.explainLink })}
      </div>
      ${button({ label: "Publish…", kind: "primary", blocked: readOnly ?? (isHalf ? HALF : undefined), onClick: onPublish })}
    </div>
    ${
      isOld && current
        ? html`<p class="note">
            It was begun
            ${draft.baseVersion === null ? "before there was a policy" : html`from version ${draft.baseVersion}`};
            version ${current.version} is in force by now. “Changes” shows what publishing it would change.
          </p>`
        : nothing
    }
    ${state === "failed" ? problemNote(problem, onRetry) : nothing}
    ${state === "conflict" ? conflictNote(options) : nothing}`;
}
