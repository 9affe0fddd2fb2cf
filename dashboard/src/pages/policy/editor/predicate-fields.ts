import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../../ui/button.ts";
import { selectField } from "../../../ui/field.ts";
import {
  conditionsOf,
  digitsOf,
  emptyOperand,
  emptyPredicate,
  isOptional,
  kindOf,
  listOf,
  numbersFault,
  type Operator,
  OPERATOR_LABELS,
  operatorsFor,
  renameOperator,
} from "../model/predicate.ts";
import { isObject, type Path, pointerOf } from "../model/pointer.ts";
import type { Editing } from "./editing.ts";
import { parsedField } from "./parsed-field.ts";

interface PredicateOptions {
  readonly editing: Editing;
  /** Where the predicate stands. */
  readonly path: Path;
  readonly predicate: unknown;
  /** What it is about, as on labels: "amount". */
  readonly subject: string;
  readonly type: string;
  readonly depth?: number;
}

/** What a value must be: one row for each operator, groups within. */
export function predicateFields(options: PredicateOptions): TemplateResult {
  const { editing, path, predicate, subject, type, depth = 0 } = options;
  const conditions = conditionsOf(predicate);
  if (!conditions) {
    return html`<p class="note warn">
      This condition on <code>${subject}</code> cannot be shown here. Change it in the JSON, or remove it.
    </p>`;
  }
  const kind = kindOf(type);
  const free = operatorsFor(kind, depth).filter((operator) => !conditions.some(([used]) => used === operator));
  return html`<div class="predicate">
    ${conditions.map(([operator, operand], index) => conditionRow(options, operator, operand, index))}
    ${
      free.length === 0
        ? nothing
        : button({
            label: conditions.length === 0 ? "Add a condition" : "And also",
            icon: "plus",
            kind: "plain",
            about: `on ${subject}`,
            onClick: () => {
              const [operator = "eq"] = free;
              editing.set(path, { ...(predicate as object), [operator]: emptyOperand(operator, kind) });
            },
          })
    }
  </div>`;
}

function conditionRow(options: PredicateOptions, operator: Operator, operand: unknown, index: number): TemplateResult {
  const { editing, path, predicate, subject, type, depth = 0 } = options;
  const kind = kindOf(type);
  const here = [...path, operator];
  const used = new Set(conditionsOf(predicate)?.map(([name]) => name));
  const choices = [...new Set([operator, ...operatorsFor(kind, depth).filter((each) => !used.has(each))])];
  const isGroup = operator === "all" || operator === "any" || operator === "not";
  return html`<div class="condition ${isGroup ? "group" : ""}" data-pointer=${pointerOf(here)}>
    ${selectField({
      name: `${pointerOf(path)}#${index}`,
      label: index === 0 ? `What ${subject} must be` : `And ${subject} also`,
      value: operator,
      options: choices.map((each) => ({ value: each, label: OPERATOR_LABELS[each] })),
      onChange: (next) => editing.set(path, renameOperator(predicate, operator, next, kind)),
    })}
    ${isGroup ? groupFields(options, operator, operand) : operandField(options, operator, operand)}
    ${button({
      label: "Remove",
      icon: "trash",
      isIconOnly: true,
      kind: "plain",
      about: `the condition on ${subject}: ${OPERATOR_LABELS[operator]}`,
      onClick: () => editing.set(here, undefined),
    })}
  </div>`;
}

function groupFields(options: PredicateOptions, operator: Operator, operand: unknown): TemplateResult {
  const { editing, path, type, depth = 0 } = options;
  const here = [...path, operator];
  if (operator === "not") return predicateFields({ ...options, path: here, predicate: operand, depth: depth + 1 });
  const all: readonly unknown[] = Array.isArray(operand) ? (operand as unknown[]) : [];
  return html`<div class="alternatives">
    ${all.map((inner, index) => predicateFields({ ...options, path: [...here, index], predicate: inner, depth: depth + 1 }))}
    ${button({
      label: operator === "any" ? "Add another way" : "Add another condition",
      icon: "plus",
      kind: "plain",
      onClick: () => {
        const kind = kindOf(type);
        const [first = "eq"] = operatorsFor(kind, depth + 1);
        editing.append(here, { [first]: emptyOperand(first, kind) });
      },
    })}
  </div>`;
}

/** The message at the field, where the check found something there. */
const errorAt = ({ findings }: Editing, pointer: string): string | undefined =>
  findings.find((finding) => finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`))?.message;

function operandField(options: PredicateOptions, operator: Operator, operand: unknown): TemplateResult {
  const { editing, path, subject, type } = options;
  const here = [...path, operator];
  const name = pointerOf(here);
  const error = errorAt(editing, name);
  const kind = kindOf(type);
  const set = (value: unknown) => editing.set(here, value);
  if (operator === "in") {
    return parsedField({
      name,
      label: kind === "number" ? "Numbers, one a line" : "Values, one a line",
      value: operand,
      show: (value) => (Array.isArray(value) ? value.map(String).join("\n") : String(value)),
      read: (typed) => listOf(typed, type),
      onValue: (value) => set((value as readonly unknown[]).length === 0 ? [""] : value),
      rows: Math.min(8, Math.max(2, Array.isArray(operand) ? operand.length + 1 : 2)),
      isMono: true,
      error: (kind === "number" ? numbersFault(operand) : undefined) ?? error,
    });
  }
  if (operator === "eq" && (kind === "bool" || operand === null || typeof operand === "boolean")) {
    return selectField({
      name,
      label: "Value",
      value: String(operand),
      options: [
        ...(kind === "bool" || typeof operand === "boolean" ? ["true", "false"] : []),
        ...(isOptional(type) || operand === null ? ["null"] : []),
      ].map((value) => ({ value, label: value === "null" ? "absent" : value })),
      error,
      onChange: (value) => set(value === "null" ? null : value === "true"),
    });
  }
  const canBeAbsent = operator === "eq" && isOptional(type);
  return html`${parsedField({
    name,
    label: `Value of ${subject}`,
    value: operand,
    show: (value) => (isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)),
    read: (typed) => (kind === "number" ? digitsOf(typed) : typed.trim()),
    onValue: set,
    isMono: true,
    error,
  })}
  ${canBeAbsent ? button({ label: "Demand that it is absent", kind: "plain", onClick: () => set(null) }) : nothing}`;
}

/** A predicate with nothing in it yet, put where there was none. */
export const addPredicate = (editing: Editing, path: Path, type: string): void => {
  editing.set(path, emptyPredicate(kindOf(type)));
};
