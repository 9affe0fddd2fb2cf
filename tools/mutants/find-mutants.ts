import { parseSync } from "vite";

/** One small change of a source file. */
export interface Mutant {
  /** Relative to the repository. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly line: number;
  /** The changed line as it was and as it is now, each cut to what fits a report. */
  readonly before: string;
  readonly after: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type Change = readonly [start: number, end: number, replacement: string];

const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "&&": "||",
  "||": "&&",
  some: "every",
  every: "some",
};

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode);

/** Types mean nothing to a run, and what is imported is imported. */
const isPassedOver = ({ type }: Node): boolean =>
  type.startsWith("TS") ? !RUNNING.has(type) : type === "ImportDeclaration";
const RUNNING = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

function swapOperator(source: string, { left, right, operator }: Node): readonly Change[] {
  const swapped = SWAPPED[operator as string];
  if (swapped === undefined || !isNode(left) || !isNode(right)) return [];
  const at = source.indexOf(operator as string, left.end);
  return at < 0 || at >= right.start ? [] : [[at, at + (operator as string).length, swapped]];
}

function changeCondition(node: Node): readonly Change[] {
  const test = node["test"];
  if (!isNode(test)) return [];
  const isLoop = node.type === "WhileStatement" || node.type === "ForStatement" || node.type === "DoWhileStatement";
  // A loop that never ends proves nothing but patience.
  return (isLoop ? ["false"] : ["true", "false"]).map((value) => [test.start, test.end, value]);
}

function changeConstant({ start, end, value, bigint }: Node): readonly Change[] {
  if (typeof bigint === "string") {
    const number = BigInt(bigint);
    return [number + 1n, number - 1n].filter((one) => one >= 0n).map((one) => [start, end, `${one}n`]);
  }
  if (typeof value !== "number" || !Number.isInteger(value)) return [];
  return [value + 1, value - 1].filter((one) => one >= 0).map((one) => [start, end, `${one}`]);
}

/** Each element left out once; where the list is made on the way, the list left empty. */
function changeList(source: string, { start, end, elements }: Node, depth: number): readonly Change[] {
  const items = (elements as readonly (Node | null)[]).filter(isNode);
  if (items.length === 0) return [];
  if (depth > 0) return [[start, end, "[]"]];
  return items.map((left) => {
    const kept = items.filter((item) => item !== left).map((item) => source.slice(item.start, item.end));
    return [start, end, `[${kept.join(", ")}]`];
  });
}

const isUndefined = (node: Node): boolean => node["name"] === "undefined";

function changeReturn(value: unknown): readonly Change[] {
  if (!isNode(value) || isUndefined(value)) return [];
  // Nobody tells false from undefined who asks whether something is so.
  const said = value["value"];
  return [[value.start, value.end, typeof said === "boolean" ? `${!said}` : "undefined"]];
}

function changesOf(source: string, node: Node, depth: number): readonly Change[] {
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
    case "ForStatement":
    case "DoWhileStatement":
      return changeCondition(node);
    case "BinaryExpression":
    case "LogicalExpression":
      return swapOperator(source, node);
    case "UnaryExpression":
      return node["operator"] === "!" ? [[node.start, node.start + 1, ""]] : [];
    case "MemberExpression": {
      const property = node["property"];
      const swapped = isNode(property) ? SWAPPED[property["name"] as string] : undefined;
      return isNode(property) && swapped !== undefined ? [[property.start, property.end, swapped]] : [];
    }
    case "Literal":
      return changeConstant(node);
    case "ArrayExpression":
      return changeList(source, node, depth);
    case "ReturnStatement":
      return changeReturn(node["argument"]);
    case "ArrowFunctionExpression": {
      const body = node["body"];
      return isNode(body) && body.type !== "BlockStatement" ? changeReturn(body) : [];
    }
    default:
      return [];
  }
}

const isFunction = ({ type }: Node): boolean => type.endsWith("FunctionExpression") || type === "FunctionDeclaration";

/** Every change, in the order of the file. `depth`: how many functions are around. */
function collect(source: string, node: Node, depth: number): readonly Change[] {
  if (isPassedOver(node)) return [];
  const inside = isFunction(node) ? depth + 1 : depth;
  const own = changesOf(source, node, depth);
  return [...own, ...childrenOf(node).flatMap((child) => collect(source, child, inside))];
}

const MAX_REPORTED_LENGTH = 140;

function excerpt(source: string, at: number): string {
  const from = source.lastIndexOf("\n", at - 1) + 1;
  const to = source.indexOf("\n", at);
  return source
    .slice(from, to < 0 ? undefined : to)
    .trim()
    .slice(0, MAX_REPORTED_LENGTH);
}

export const apply = (
  source: string,
  { start, end, replacement }: Pick<Mutant, "start" | "end" | "replacement">,
): string => source.slice(0, start) + replacement + source.slice(end);

/** @throws Error when the source cannot be parsed. */
export function findMutants(file: string, source: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return collect(source, program as unknown as Node, 0).map(([start, end, replacement]) => ({
    file,
    start,
    end,
    replacement,
    line: source.slice(0, start).split("\n").length,
    before: excerpt(source, start),
    after: excerpt(apply(source, { start, end, replacement }), start),
  }));
}
