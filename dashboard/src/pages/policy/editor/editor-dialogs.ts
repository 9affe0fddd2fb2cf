import { html, type TemplateResult } from "lit";
import { toast } from "../../../ui/toast.ts";
import type { Finding } from "../model/findings.ts";
import { appendAt } from "../model/pointer.ts";
import type { PolicyVersionDetail } from "../policy-types.ts";
import type { DraftSession } from "./draft-session.ts";
import type { Editing } from "./editing.ts";
import type { ChosenProgram } from "./program-dialog.ts";
import "./catalogue-dialog.ts";
import "./program-dialog.ts";
import "./publish-dialog.ts";

export type OpenDialog = "catalogue" | "program" | "publish";

interface DialogsOptions {
  readonly session: DraftSession;
  readonly editing: Editing;
  readonly draftId: string;
  readonly open: OpenDialog | undefined;
  readonly onClose: () => void;
  readonly onPublished: (version: number, isNew: boolean) => void;
  /** Leads to the place of a finding. */
  readonly onShow: (finding: Finding) => void;
}

function addProgram(session: DraftSession, { program, allowed }: ChosenProgram): void {
  const entries = allowed.map((instruction) => ({ program: program["address"], instruction }));
  const described = appendAt(session.document, ["programs"], program);
  session.setDocument(entries.reduce((document, entry) => appendAt(document, ["allow"], entry), described));
  toast(`${String(program["name"])} is in the draft now.`);
}

/** What opens over the editor: instructions and programs to add, and publishing. */
export function editorDialogs({ session, editing, open, onClose, ...options }: DialogsOptions): TemplateResult {
  const { programs, document, network, findings } = editing;
  return html`<catalogue-dialog
      .programs=${programs}
      .isOpen=${open === "catalogue"}
      .onClose=${onClose}
      .onChoose=${(program: string, instruction: string) => session.append(["allow"], { program, instruction })}
    ></catalogue-dialog>
    <program-dialog
      .network=${network}
      .isOpen=${open === "program"}
      .onClose=${onClose}
      .onChoose=${(chosen: ChosenProgram) => {
        onClose();
        addProgram(session, chosen);
      }}
    ></program-dialog>
    <publish-dialog
      .isOpen=${open === "publish"}
      .onClose=${onClose}
      .onPublished=${options.onPublished}
      .onCurrent=${(current: PolicyVersionDetail | undefined) => session.takeCurrent(current)}
      .document=${document}
      .draftId=${options.draftId}
      .network=${network}
      .current=${session.current}
      .catalogue=${session.catalogue}
      .findings=${findings}
      .onShow=${options.onShow}
    ></publish-dialog>`;
}
