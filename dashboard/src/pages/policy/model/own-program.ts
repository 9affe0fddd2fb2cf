import type { Json } from "./pointer.ts";

/** An instruction of a program as it is written down by hand. */
export interface WrittenInstruction {
  readonly name: string;
  /** Hex, with or without 0x. */
  readonly discriminator: string;
  /** One a line: `amount: u64`. */
  readonly arguments: string;
  /** One a line. */
  readonly accounts: string;
  readonly moreAccounts: boolean;
}

export const EMPTY_INSTRUCTION: WrittenInstruction = {
  name: "",
  discriminator: "",
  arguments: "",
  accounts: "",
  moreAccounts: false,
};

/** How values in an instruction's data may be written, little-endian. */
export const FIELD_TYPES = [
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "i8",
  "i16",
  "i32",
  "i64",
  "bool",
  "publicKey",
  "string",
  "bytes",
  "option<u8>",
  "option<u64>",
  "option<publicKey>",
] as const;

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

const hexOf = (text: string): string => text.trim().toLowerCase().replace(/^0x/, "").replaceAll(/\s/g, "");

/** What is wrong with it, field by field; nothing: it can be taken. */
export function faultsOfInstruction(written: WrittenInstruction): Partial<Record<keyof WrittenInstruction, string>> {
  const badType = linesOf(written.arguments).find((line) => {
    const [name = "", type = ""] = line.split(":").map((part) => part.trim());
    return !NAME.test(name) || !FIELD_TYPES.some((known) => known === type);
  });
  const badAccount = linesOf(written.accounts).find((line) => !NAME.test(line));
  return {
    ...(!NAME.test(written.name) && { name: "A name of letters, digits and _, such as mintTicket." }),
    ...(!/^(?:[0-9a-f]{2}){1,32}$/.test(hexOf(written.discriminator)) && {
      discriminator: "The first 1 to 32 bytes of the data, in hex. Anchor's are 8 bytes long.",
    }),
    ...(badType !== undefined && { arguments: `“${badType}” is not a name and a type, such as amount: u64.` }),
    ...(badAccount !== undefined && { accounts: `“${badAccount}” is not a name of letters, digits and _.` }),
  };
}

/** The instruction as a policy describes it. */
export const readInstruction = (written: WrittenInstruction): Json => ({
  name: written.name,
  discriminator: hexOf(written.discriminator),
  arguments: linesOf(written.arguments).map((line) => {
    const [name = "", type = ""] = line.split(":").map((part) => part.trim());
    return { name, type };
  }),
  accounts: linesOf(written.accounts),
  ...(written.moreAccounts && { moreAccounts: true }),
});
