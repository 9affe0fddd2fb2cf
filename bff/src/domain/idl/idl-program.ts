import type { ArgumentShape, FieldType } from "../policy/programs/shape.ts";
import type { Result } from "../result.ts";

/** The type of a value in whichever language an IDL is written; what it is made of is looked up when it is needed. */
export type IdlType =
  | { readonly kind: "scalar"; readonly type: FieldType }
  | { readonly kind: "option"; readonly item: IdlType }
  | { readonly kind: "struct"; readonly fields: readonly IdlField[] }
  /** A type that is defined elsewhere in the IDL. */
  | { readonly kind: "link"; readonly name: string }
  /** What policies cannot read, in words. */
  | { readonly kind: "unfit"; readonly what: string };

export interface IdlField {
  readonly name: string;
  readonly type: IdlType;
}

/** The first bytes of an instruction's data, in hex; where they are a digest, of what. */
export type Discriminator = { readonly hex: string } | { readonly preimage: string };

export interface IdlAccounts {
  readonly names: readonly string[];
  readonly moreAccounts: boolean;
}

/** An instruction as an IDL has it. Reasons: why policies cannot decide about it. */
export interface IdlInstruction {
  /** In camel case. */
  readonly name: string;
  readonly discriminator: Result<Discriminator, string>;
  readonly arguments: Result<readonly ArgumentShape[], string>;
  readonly accounts: Result<IdlAccounts, string>;
}

export interface IdlProgram {
  readonly address: string | undefined;
  readonly name: string;
  readonly instructions: readonly IdlInstruction[];
}

/** What about a request for an IDL does not fit, by a JSON pointer into it. */
export interface IdlFault {
  readonly pointer: string;
  readonly detail: string;
}

export const scalar = (type: FieldType): IdlType => ({ kind: "scalar", type });
export const unfit = (what: string): IdlType => ({ kind: "unfit", what });
