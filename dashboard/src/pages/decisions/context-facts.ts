import { html, nothing, type TemplateResult } from "lit";
import { codeBlock } from "../../ui/copy.ts";
import { facts } from "../../ui/layout.ts";

/** "resetsAt" as a person would write it. */
function wordsOf(name: string): string {
  const words = name.replaceAll(
    /([a-z])([A-Z])/g,
    (_match, end: string, begin: string) => `${end} ${begin.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** Values by their names. Instructions are counted from 1, as people do and as an explanation does; the API's from 0. */
const sayValue = (name: string, value: string | number | boolean | null): string =>
  name === "instruction" && typeof value === "number" ? `${value + 1}, counted from 1` : String(value ?? "none");

/** Lines of a program's log stay lines. */
const blockOf = (value: unknown): string =>
  Array.isArray(value) && value.every((line) => typeof line === "string")
    ? value.join("\n")
    : JSON.stringify(value, null, 2);

/** What the API says about a refusal beside its code: values by name, everything larger as it is. */
export function contextFacts(
  context: Readonly<Record<string, unknown>> | null | undefined,
): TemplateResult | typeof nothing {
  const entries = Object.entries(context ?? {}).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return nothing;
  const plain = entries.flatMap(([name, value]) => (isPlain(value) ? [[name, value] as const] : []));
  const large = entries.filter(([, value]) => !isPlain(value));
  return html`
    ${
      plain.length > 0
        ? facts(plain.map(([name, value]) => [wordsOf(name), html`<code>${sayValue(name, value)}</code>`] as const))
        : nothing
    }
    ${large.map(([name, value]) => codeBlock(blockOf(value), wordsOf(name)))}
  `;
}
