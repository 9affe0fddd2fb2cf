import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { ApiProblem, toProblem } from "../api/problem.ts";
import { button } from "./button.ts";
import { problemNote } from "./states.ts";
import { toastError } from "./toast.ts";

interface FormSettings<Values extends object, Result> {
  readonly initial: Values;
  /** Checks before anything is sent: what is wrong, by name. */
  readonly check?: (values: Values) => Partial<Record<keyof Values & string, string>>;
  readonly submit: (values: Values) => Promise<Result>;
  /** `isCurrent`: false when the form was begun anew meanwhile, as for something else. */
  readonly onDone?: (result: Result, isCurrent: boolean) => unknown;
}

interface FormView {
  readonly fields: TemplateResult | readonly TemplateResult[];
  readonly action: string;
  readonly kind?: "primary" | "danger";
  readonly blocked?: string | undefined;
  readonly onCancel?: (() => unknown) | undefined;
}

type TextNames<Values> = { [K in keyof Values]: Values[K] extends string ? K : never }[keyof Values] & string;

export interface Form<Values extends object> {
  readonly values: Values;
  readonly isBusy: boolean;
  readonly isChanged: boolean;
  set<Name extends keyof Values>(name: Name, value: Values[Name]): void;
  /** What is wrong with a field, by its name or its JSON pointer in the body. */
  errorOf(name: string): string | undefined;
  /** What a text field needs: `textField({ ...form.text("name"), label: "Name" })`. */
  text<Name extends TextNames<Values>>(
    name: Name,
  ): {
    readonly name: Name;
    readonly value: string;
    readonly error: string | undefined;
    readonly onInput: (value: string) => void;
  };
  /** What a select or a choice needs. */
  choice<Name extends TextNames<Values>>(
    name: Name,
  ): {
    readonly name: Name;
    readonly value: Values[Name] & string;
    readonly error: string | undefined;
    readonly onChange: (value: Values[Name] & string) => void;
  };
  submit(): Promise<void>;
  /** Back to the beginning, or to other values. */
  reset(values?: Values): void;
  view(view: FormView): TemplateResult;
}

const nameOf = (pointer: string): string => pointer.replace(/^\//, "");

/** A form: its values, what is wrong with them, and whether they are on their way. */
export function createForm<Values extends object, Result>(
  host: ReactiveControllerHost & HTMLElement,
  settings: FormSettings<Values, Result>,
): Form<Values> {
  let initial = settings.initial;
  let values = initial;
  let isBusy = false;
  /** Counts beginnings: an answer says nothing about a form that was begun after it was asked for. */
  let turn = 0;
  let faults: Readonly<Record<string, string>> = {};
  let problem: ApiProblem | undefined;

  const show = () => host.requestUpdate();
  /** Fields that were asked for what is wrong with them, and so tell it. */
  const asked = new Set<string>();
  const errorOf = (name: string): string | undefined => {
    asked.add(nameOf(name));
    return faults[nameOf(name)];
  };

  function takeProblem(thrown: unknown): void {
    problem = toProblem(thrown);
    faults = Object.fromEntries(problem.errors.map(({ pointer, detail }) => [nameOf(pointer), detail]));
  }

  /** The first field that is wrong, when it is on the page. */
  async function showFault(): Promise<void> {
    await host.updateComplete;
    host.querySelector<HTMLElement>('[aria-invalid="true"], .problem')?.focus();
  }

  const form: Form<Values> = {
    get values() {
      return values;
    },
    get isBusy() {
      return isBusy;
    },
    get isChanged() {
      return (Object.keys(values) as (keyof Values)[]).some((name) => values[name] !== initial[name]);
    },
    set(name, value) {
      values = { ...values, [name]: value };
      const { [name as string]: _mended, ...others } = faults;
      faults = others;
      show();
    },
    errorOf,
    text: (name) => ({
      name,
      value: values[name] as string,
      error: errorOf(name),
      onInput: (value) => form.set(name, value as Values[typeof name]),
    }),
    choice: (name) => ({
      name,
      value: values[name] as Values[typeof name] & string,
      error: errorOf(name),
      onChange: (value) => form.set(name, value),
    }),
    async submit() {
      if (isBusy) return;
      faults = (settings.check?.(values) ?? {}) as Readonly<Record<string, string>>;
      problem = undefined;
      if (Object.keys(faults).length > 0) {
        show();
        await showFault();
        return;
      }
      isBusy = true;
      show();
      const mine = turn;
      let result: Result;
      try {
        result = await settings.submit(values);
      } catch (thrown) {
        if (mine !== turn) return toastError(thrown);
        takeProblem(thrown);
        isBusy = false;
        show();
        return await showFault();
      }
      const isCurrent = mine === turn;
      if (isCurrent) isBusy = false;
      show();
      // It is done: what fails from here on, as reading it again, is no fault of what was sent.
      try {
        await settings.onDone?.(result, isCurrent);
      } catch (thrown) {
        toastError(thrown);
      }
    },
    reset(next = initial) {
      initial = next;
      values = next;
      turn += 1;
      isBusy = false;
      faults = {};
      problem = undefined;
      show();
    },
    view({ fields, action, kind = "primary", blocked, onCancel }) {
      const submit = (event: SubmitEvent) => {
        event.preventDefault();
        if (blocked === undefined) void form.submit();
      };
      const isTold = (pointer: string) => asked.has(nameOf(pointer));
      // What every fault of is told at its field needs no second place.
      const isToldApart =
        problem !== undefined && !(problem.errors.length > 0 && problem.errors.every(({ pointer }) => isTold(pointer)));
      return html`<form class="form" novalidate @submit=${submit}>
        ${isToldApart ? problemNote(problem, undefined, isTold) : nothing} ${fields}
        <div class="actions">
          ${button({ label: action, kind, isBusy, blocked, type: "submit" })}
          ${onCancel ? button({ label: "Cancel", kind: "plain", onClick: onCancel }) : nothing}
        </div>
      </form>`;
    },
  };
  return form;
}
