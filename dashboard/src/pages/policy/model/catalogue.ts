import type { PolicyCatalogue } from "../../../../../bff/src/contract/manage/policies.ts";
import { isObject, type Json } from "./pointer.ts";

export type Program = PolicyCatalogue["programs"][number];
export type Instruction = Program["instructions"][number];

const list = (given: unknown): readonly unknown[] => (Array.isArray(given) ? (given as unknown[]) : []);
const text = (given: unknown): string => (typeof given === "string" ? given : "");

const unique = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  [...new Map(items.map((item) => [key(item), item] as const).toReversed()).values()].toReversed();

/** Instructions of one name as one: some are written in more than one form. */
function mergeForms(instructions: readonly Instruction[]): Instruction[] {
  const byName = Map.groupBy(instructions, ({ name }) => name);
  return [...byName].map(([name, forms]) => ({
    name,
    arguments: unique(
      forms.flatMap((form) => form.arguments),
      (argument) => argument.name,
    ),
    accounts: [...new Set(forms.flatMap((form) => form.accounts))],
    sponsorRoles: [...new Set(forms.flatMap((form) => form.sponsorRoles))],
  }));
}

function ownProgram(program: unknown): readonly Program[] {
  if (!isObject(program) || text(program["address"]) === "") return [];
  const instructions = list(program["instructions"]).flatMap((each): Instruction[] => {
    if (!isObject(each)) return [];
    const fields = list(each["arguments"]).filter(isObject);
    return [
      {
        name: text(each["name"]),
        arguments: fields.map((field) => ({ name: text(field["name"]), type: text(field["type"]) })),
        accounts: list(each["accounts"]).map(text),
        sponsorRoles: [],
      },
    ];
  });
  return [{ address: text(program["address"]), name: text(program["name"]), instructions }];
}

/** Every program whose instructions the document can name: its own, then those that are built in. */
export function programsOf(catalogue: PolicyCatalogue | undefined, document: Json): readonly Program[] {
  const known = catalogue?.programs ?? [];
  const own = list(document["programs"]).flatMap(ownProgram);
  const others = own.filter(({ address }) => !known.some((program) => program.address === address));
  return [...others, ...known].map((program) => ({ ...program, instructions: mergeForms(program.instructions) }));
}

export const findInstruction = (
  programs: readonly Program[],
  program: unknown,
  instruction: unknown,
): Instruction | undefined =>
  programs.find(({ address }) => address === program)?.instructions.find(({ name }) => name === instruction);

/** Programs and instructions in which every word occurs, in a name, an address, an argument or an account. */
export function searchPrograms(programs: readonly Program[], query: string): readonly Program[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return programs.flatMap((program) => {
    const about = `${program.name} ${program.address}`.toLowerCase();
    const instructions = program.instructions.filter((instruction) => {
      const more = [instruction.name, ...instruction.arguments.map(({ name }) => name), ...instruction.accounts];
      const whole = `${about} ${more.join(" ").toLowerCase()}`;
      return words.every((word) => whole.includes(word));
    });
    return instructions.length > 0 ? [{ ...program, instructions }] : [];
  });
}

/** A place in which a policy may let the sponsor stand. */
export interface SponsorSwitch {
  readonly program: string;
  readonly programName: string;
  readonly role: string;
  readonly instructions: readonly string[];
  /** It takes lamports from the sponsor; the others only bring some back. */
  readonly paysRent: boolean;
}

const PAYING_ROLES = new Set(["payer", "funder"]);

/** One switch for each program and role, those that pay first. */
export function switchesOf(programs: readonly Program[]): readonly SponsorSwitch[] {
  const all = programs.flatMap(({ address, name, instructions }) =>
    [...new Set(instructions.flatMap(({ sponsorRoles }) => sponsorRoles))].map((role) => ({
      program: address,
      programName: name,
      role,
      instructions: instructions.filter((each) => each.sponsorRoles.includes(role)).map((each) => each.name),
      paysRent: PAYING_ROLES.has(role),
    })),
  );
  return all.toSorted((one, other) => Number(other.paysRent) - Number(one.paysRent));
}
