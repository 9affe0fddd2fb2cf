import type { ReactiveController } from "lit";
import type { Page } from "../app/page.ts";

/** Long enough that a word is typed in one go. */
const TYPING_MS = 300;

export interface Search<Name extends string> {
  /** As they stand in the address; empty where one is not set. */
  readonly values: Readonly<Record<Name, string>>;
  readonly isFiltered: boolean;
  /** What a text field needs; the address follows when the typing stops. */
  text(name: Name): { readonly name: string; readonly value: string; readonly onInput: (value: string) => void };
  /** What a select needs. */
  choice(name: Name): { readonly name: string; readonly value: string; readonly onChange: (value: string) => void };
  reset(): void;
}

/**
 * What a list is narrowed down by, kept in the page's address: a link to it shows the same. `onChange` is told before
 * another list is asked for.
 */
export function createSearch<Name extends string>(
  page: Page,
  names: readonly Name[],
  onChange: () => void,
): Search<Name> {
  const typed = new Map<Name, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: string | undefined;

  const apply = (changes: Readonly<Record<string, string>>): void => {
    clearTimeout(timer);
    const all = { ...Object.fromEntries(typed), ...changes };
    typed.clear();
    page.setQuery(all);
  };
  const valueOf = (name: Name): string => page.query.get(name) ?? "";
  const controller: ReactiveController = {
    // The address is changed by links and the browser's buttons, too.
    hostUpdate() {
      const now = JSON.stringify(names.map(valueOf));
      if (shown !== undefined && shown !== now) onChange();
      shown = now;
    },
    hostDisconnected: () => clearTimeout(timer),
  };
  page.addController(controller);

  return {
    get values() {
      return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>;
    },
    get isFiltered() {
      return names.some((name) => (typed.get(name) ?? valueOf(name)) !== "");
    },
    text: (name) => ({
      name,
      value: typed.get(name) ?? valueOf(name),
      onInput(value) {
        typed.set(name, value.trim());
        clearTimeout(timer);
        timer = setTimeout(() => apply({}), TYPING_MS);
        page.requestUpdate();
      },
    }),
    choice: (name) => ({ name, value: valueOf(name), onChange: (value) => apply({ [name]: value }) }),
    reset() {
      typed.clear();
      apply(Object.fromEntries(names.map((name) => [name, ""])));
    },
  };
}
