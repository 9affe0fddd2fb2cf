import type { ReactiveControllerHost } from "lit";
import type { Api } from "../../../api/client.ts";
import { programsOf } from "../model/catalogue.ts";
import { namesOf } from "../model/names.ts";
import { appendAt, type Json, type Path, readAt, removeAt, setAt } from "../model/pointer.ts";
import type { Draft, PolicyCatalogue, PolicyVersionDetail } from "../policy-types.ts";
import { readCurrent } from "../read-current.ts";
import { type Autosave, createAutosave, type SaveState } from "./autosave.ts";
import { Checker } from "./checker.ts";
import { createEntryKeys, type Editing } from "./editing.ts";
import { createOwnTabs, type OwnTabs } from "./own-tabs.ts";

/** Where a draft is. */
export interface DraftPlace {
  readonly projectId: string;
  readonly network: string;
  readonly draftId: string;
}

interface SessionSettings {
  readonly api: () => Api;
  /** Who is signed in. */
  readonly userId: () => string;
  readonly place: () => DraftPlace;
  readonly isReadOnly: () => boolean;
}

interface Saved {
  readonly name: string;
  readonly document: Json;
}

/** A draft that is open: what it says, what the check says of it, and whether it is saved. */
export class DraftSession {
  readonly #host: ReactiveControllerHost;
  readonly #settings: SessionSettings;
  readonly #keys = createEntryKeys();
  readonly checker: Checker;
  #autosave: Autosave<Saved> | undefined;
  #tabs: OwnTabs | undefined;
  draft: Draft | undefined;
  document: Json = {};
  catalogue: PolicyCatalogue | undefined;
  /** What is in force. */
  current: PolicyVersionDetail | undefined;
  saveProblem: unknown;
  /** After a conflict, whether the other change was made in another tab of the same person; undefined: not known yet. */
  isOwnConflict: boolean | undefined;

  constructor(host: ReactiveControllerHost, settings: SessionSettings) {
    this.#host = host;
    this.#settings = settings;
    this.checker = new Checker(host, (document, signal) => {
      const { projectId, network } = settings.place();
      return settings
        .api()
        .call("checkPolicy", { params: { projectId, network }, body: { document: { ...document } }, signal });
    });
  }

  get saveState(): SaveState {
    return this.#autosave?.state ?? "saved";
  }

  /** Reads the draft and what it is seen beside, and begins with it. @throws ApiProblem */
  async open({ projectId, network, draftId }: DraftPlace, signal?: AbortSignal): Promise<Draft> {
    const api = this.#settings.api();
    const params = { projectId, network };
    const [draft, catalogue, current] = await Promise.all([
      api.call("readDraft", { params: { ...params, draftId }, signal }),
      api.call("readPolicyCatalogue", { params, signal }),
      readCurrent(api, projectId, network, signal),
    ]);
    this.close();
    this.catalogue = catalogue;
    this.current = current;
    this.draft = draft;
    this.document = draft.document;
    this.isOwnConflict = undefined;
    const tabs = createOwnTabs(this.#settings.userId(), draftId);
    this.#tabs = tabs;
    this.#autosave = createAutosave(draft.version, {
      save: async ({ name, document }, version) => {
        const body = { version, name, document: { ...document } };
        const saved = await api.call("changeDraft", { params: { ...params, draftId }, body });
        tabs.tell(saved.version);
        return saved.version;
      },
      onState: (state, problem) => {
        this.saveProblem = problem;
        if (state === "conflict") void this.#findOther({ projectId, network, draftId }, tabs);
        this.#host.requestUpdate();
      },
    });
    this.checker.request(draft.document, 0);
    return draft;
  }

  /** Who was faster. Where that cannot be read, nobody is named. */
  async #findOther(params: DraftPlace, tabs: OwnTabs): Promise<void> {
    const now = await this.#settings
      .api()
      .call("readDraft", { params: { ...params } })
      .catch(() => undefined);
    if (this.#tabs !== tabs) return;
    this.isOwnConflict = now && tabs.isTheirs(now.version);
    this.#host.requestUpdate();
  }

  /** Nothing more is saved of it. */
  close(): void {
    this.#autosave?.stop();
    this.#autosave = undefined;
    this.#tabs?.close();
    this.#tabs = undefined;
  }

  async save(): Promise<void> {
    await this.#autosave?.flush();
  }

  setDocument(next: Json): void {
    if (next === this.document || this.#settings.isReadOnly() || !this.draft) return;
    this.document = next;
    this.#autosave?.change({ name: this.draft.name, document: next });
    this.checker.request(next);
    this.#host.requestUpdate();
  }

  /** Another version is in force by now. */
  takeCurrent(current: PolicyVersionDetail | undefined): void {
    this.current = current;
    this.#host.requestUpdate();
  }

  /** Applies every fix, unless something was changed since it was checked: that would be taken back. */
  mend(): void {
    const { mended, isRunning } = this.checker;
    if (mended && !isRunning) this.setDocument(mended);
  }

  rename(name: string): void {
    if (!this.draft || name === this.draft.name) return;
    this.draft = { ...this.draft, name };
    this.#autosave?.change({ name, document: this.document });
    this.#host.requestUpdate();
  }

  /** Keeps what is here as another draft, as after somebody else saved this one; gives its id. @throws ApiProblem */
  async copy(name: string): Promise<string> {
    const { projectId, network } = this.#settings.place();
    const body = { name: name.slice(0, 80), document: { ...this.document } };
    const { id } = await this.#settings.api().call("createDraft", { params: { projectId, network }, body });
    this.close();
    return id;
  }

  /** Undefined takes away what is there. */
  set(path: Path, value: unknown): void {
    const { document } = this;
    this.#edit(path, value === undefined ? removeAt(document, path) : setAt(document, path, value));
  }

  append(path: Path, value: unknown): void {
    this.#edit(path, appendAt(this.document, path, value));
  }

  /** A change at a place, after which the entry around it is still known as the one it was. */
  #edit([list, index, ...rest]: Path, next: Json): void {
    if (list !== undefined && typeof index === "number" && rest.length > 0) {
      this.#keys.follow(readAt(this.document, [list, index]), readAt(next, [list, index]));
    }
    this.setDocument(next);
  }

  /** What the parts of the form are given. */
  editing(budgetsLink: string): Editing {
    const { document, catalogue } = this;
    return {
      document,
      network: this.#settings.place().network,
      programs: programsOf(catalogue, document),
      names: namesOf(catalogue, document),
      findings: this.checker.findings,
      budgetsLink,
      set: (path, value) => this.set(path, value),
      append: (path, value) => this.append(path, value),
      change: (edit) => this.setDocument(edit(this.document)),
      keyOf: (entry) => this.#keys.keyOf(entry),
    };
  }
}
