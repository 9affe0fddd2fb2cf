import type { FieldType, InstructionShape } from "./shape.ts";

/**
 * The shapes of a table with one instruction a line:
 * `name discriminator argument:type … | account … ...moreAccounts`.
 * The discriminator's bytes are divided by commas; `-` is none. One name may have several lines, one for each layout.
 */
export function parseInstructions(table: string): readonly InstructionShape[] {
  return table.trim().split("\n").map(parseLine);
}

function parseLine(line: string): InstructionShape {
  const [data = "", accounts = ""] = line.split("|");
  const [name = "", discriminator = "-", ...fields] = words(data);
  const roles = words(accounts);
  const moreAccounts = roles.find((role) => role.startsWith("..."))?.slice(3);
  return {
    name,
    discriminator: discriminator === "-" ? [] : discriminator.split(",").map(Number),
    arguments: fields.map((field) => {
      const [argument = "", type] = field.split(":");
      // That it is one is tested for every table: a compiler cannot look into a text of this length.
      return { name: argument, type: type as FieldType };
    }),
    accounts: roles.filter((role) => !role.startsWith("...")),
    ...(moreAccounts !== undefined && { moreAccounts }),
  };
}

function words(text: string): readonly string[] {
  return text.match(/\S+/g) ?? [];
}
