import { type Statement, textOf } from "./words.ts";

/** One difference between two policies, in words. */
export interface Change {
  readonly before?: Statement;
  readonly after?: Statement;
}

const isSetting = (statement: Statement): boolean => statement.name !== undefined;
const keyOf = ({ section, words }: Statement): string => `${section} ${textOf(words)}`;

/** How often each is said: an entry that stands there twice, and then once, has changed. */
function without(statements: readonly Statement[], others: readonly Statement[]): readonly Statement[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return statements.filter((statement) => {
    const count = left.get(keyOf(statement)) ?? 0;
    left.set(keyOf(statement), count - 1);
    return count <= 0;
  });
}

/** What one policy says that the other does not: settings as one change each, then what came, then what went. */
export function compareStatements(before: readonly Statement[], after: readonly Statement[]): readonly Change[] {
  const gone = without(before, after);
  const come = without(after, before);
  const names = [...new Set([...gone, ...come].flatMap(({ name }) => (name === undefined ? [] : [name])))];
  const settings = names.map((name): Change => {
    const old = gone.find((statement) => statement.name === name);
    const next = come.find((statement) => statement.name === name);
    return { ...(old && { before: old }), ...(next && { after: next }) };
  });
  return [
    ...come.filter((each) => !isSetting(each)).map((statement): Change => ({ after: statement })),
    ...gone.filter((each) => !isSetting(each)).map((statement): Change => ({ before: statement })),
    ...settings,
  ];
}
