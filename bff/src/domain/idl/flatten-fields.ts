import type { ArgumentShape, FieldType } from "../policy/programs/shape.ts";
import { failure, type Result, success } from "../result.ts";
import type { IdlField, IdlType } from "./idl-program.ts";
import { camelCase, isName, joinNames, showName } from "./names.ts";

/** As many as an instruction of a policy has. */
const MAX_FIELDS = 32;
/** Types that are made of types, of one instruction: what refers to itself ends here too. */
const MAX_STEPS = 300;
const MAX_DEPTH = 8;

const OPTIONS: ReadonlySet<string> = new Set<FieldType>([
  "option<u8>",
  "option<u16>",
  "option<u32>",
  "option<u64>",
  "option<u128>",
  "option<i64>",
  "option<bool>",
  "option<string>",
  "option<publicKey>",
]);

type Types = ReadonlyMap<string, IdlType>;

/** What a name stands for, also where that is another name. */
function follow(type: IdlType, types: Types): IdlType {
  let found = type;
  for (let step = 0; found.kind === "link"; step++) {
    const next = step < MAX_DEPTH ? types.get(found.name) : undefined;
    if (!next) return { kind: "unfit", what: `the type ${showName(found.name)}, which the IDL does not define` };
    found = next;
  }
  return found;
}

/**
 * The values of an instruction's data one behind the other: a struct is its fields, as its bytes are theirs.
 * Reason: what about them no policy can read.
 */
export function flattenFields(fields: readonly IdlField[], types: Types): Result<readonly ArgumentShape[], string> {
  const flat: ArgumentShape[] = [];
  let steps = 0;

  function add(name: string, given: IdlType, depth: number): string | undefined {
    if (!isName(name)) return `${showName(name)} is no name that a policy can use`;
    if (++steps > MAX_STEPS || depth > MAX_DEPTH) return `${name} is nested too deep, or refers to itself`;
    const type = follow(given, types);
    if (type.kind === "struct") return addAll(name, type.fields, depth + 1);
    const fieldType =
      type.kind === "option" ? optionOf(type.item, types) : type.kind === "scalar" ? type.type : undefined;
    if (fieldType === undefined) {
      const what = type.kind === "unfit" ? type.what : "an optional value of a type that policies cannot read";
      return `${name} is ${what}`;
    }
    if (flat.at(-1)?.type === "bytes") return `${name} stands behind bytes without a length`;
    if (flat.some((other) => other.name === name)) return `two of its arguments are called ${name}`;
    if (flat.push({ name, type: fieldType }) > MAX_FIELDS) return `it has more than ${MAX_FIELDS} arguments`;
    return undefined;
  }

  function addAll(outer: string, members: readonly IdlField[], depth: number): string | undefined {
    for (const { name, type } of members) {
      const own = camelCase(name);
      const fault = add(outer === "" ? own : joinNames(outer, own), type, depth);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  const fault = addAll("", fields, 0);
  return fault === undefined ? success(flat) : failure(fault);
}

function optionOf(item: IdlType, types: Types): FieldType | undefined {
  const inner = follow(item, types);
  const name = inner.kind === "scalar" ? `option<${inner.type}>` : "";
  return OPTIONS.has(name) ? (name as FieldType) : undefined;
}
