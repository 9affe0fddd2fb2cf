/** A mutant that means the same as the code, and why no test can tell them apart. */
export interface AllowedMutant {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export const ALLOWED_MUTANTS: readonly AllowedMutant[] = [
  {
    file: "bff/src/domain/policy/call.ts",
    before: "return position < 0 ? undefined : accounts[position];",
    after: "return false ? undefined : accounts[position];",
    reason: "an index below zero finds undefined as well",
  },
  {
    file: "bff/src/domain/policy/call.ts",
    before: "const position = named?.shape.accounts.indexOf(role) ?? -1;",
    after: "const position = named?.shape.accounts.indexOf(role) ?? -2;",
    reason: "any number below zero does",
  },
  {
    file: "bff/src/domain/policy/cost.ts",
    before:
      "const effectivePrice = divideUp((config?.priorityFee ?? 0n) * MICRO_LAMPORTS_PER_LAMPORT, units > 0n ? units : 1n);",
    after:
      "const effectivePrice = divideUp((config?.priorityFee ?? 0n) * MICRO_LAMPORTS_PER_LAMPORT, units > 1n ? units : 1n);",
    reason: "of one unit both are one",
  },
  {
    file: "bff/src/domain/policy/cost.ts",
    before:
      "const effectivePrice = divideUp((config?.priorityFee ?? 0n) * MICRO_LAMPORTS_PER_LAMPORT, units > 0n ? units : 1n);",
    after:
      "const effectivePrice = divideUp((config?.priorityFee ?? 1n) * MICRO_LAMPORTS_PER_LAMPORT, units > 0n ? units : 1n);",
    reason: "without a config nobody looks at it",
  },
  {
    file: "bff/src/domain/policy/cost.ts",
    before: "computeUnitPrice: config ? effectivePrice + (prices[0] ?? 0n) : (prices[0] ?? 0n),",
    after: "computeUnitPrice: true ? effectivePrice + (prices[0] ?? 0n) : (prices[0] ?? 0n),",
    reason: "without a config the other price is zero",
  },
  {
    file: "bff/src/domain/policy/compile.ts",
    before: "if (programs.length === 0) return KNOWN_PROGRAMS;",
    after: "if (false) return KNOWN_PROGRAMS;",
    reason: "a short cut: the map that it saves has the same entries",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: "const to = payee === undefined ? undefined : info?.[payee];",
    after: "const to = false ? undefined : info?.[payee];",
    reason: "no parser writes a field that is called undefined",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: 'return typeof lamports === "bigint" && payer !== undefined && target !== undefined',
    after: "return true",
    reason: "for the compiler: these shapes have the argument, and who is missing is not the sponsor",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: 'return typeof lamports === "bigint" && payer !== undefined && target !== undefined',
    after: 'return typeof lamports === "bigint" || payer !== undefined && target !== undefined',
    reason: "for the compiler: these shapes have the argument, and who is missing is not the sponsor",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: 'return typeof lamports === "bigint" && payer !== undefined && target !== undefined',
    after: 'return typeof lamports === "bigint" && payer !== undefined || target !== undefined',
    reason: "for the compiler: these shapes have the argument, and who is missing is not the sponsor",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: "const beneficiary = call.accounts[call.named?.shape.accounts.indexOf(role.beneficiary) ?? -1];",
    after: "const beneficiary = call.accounts[call.named?.shape.accounts.indexOf(role.beneficiary) ?? -0];",
    reason: "for the compiler: a call that has a role is named",
  },
  {
    file: "bff/src/domain/policy/inner-calls.ts",
    before: "const beneficiary = call.accounts[call.named?.shape.accounts.indexOf(role.beneficiary) ?? -1];",
    after: "const beneficiary = call.accounts[call.named?.shape.accounts.indexOf(role.beneficiary) ?? -2];",
    reason: "for the compiler: a call that has a role is named",
  },
  {
    file: "bff/src/domain/policy/programs/read-arguments.ts",
    before: "return chunks(bytes, 2).map(([low = 0, high = 0]) => String(low + 256 * high));",
    after: "return chunks(bytes, 2).map(([low = 1, high = 0]) => String(low + 256 * high));",
    reason: "for the compiler: a chunk has two bytes",
  },
  {
    file: "bff/src/domain/policy/programs/read-arguments.ts",
    before: "return chunks(bytes, 2).map(([low = 0, high = 0]) => String(low + 256 * high));",
    after: "return chunks(bytes, 2).map(([low = 0, high = 1]) => String(low + 256 * high));",
    reason: "for the compiler: a chunk has two bytes",
  },
  {
    file: "bff/src/domain/policy/programs/unpack-batch.ts",
    before: "const [accountCount = 0, length] = data.subarray(offset, offset + 2);",
    after: "const [accountCount = 1, length] = data.subarray(offset, offset + 2);",
    reason: "for the compiler: there is a first byte, and a third is not looked at",
  },
  {
    file: "bff/src/domain/policy/programs/unpack-batch.ts",
    before: "const [accountCount = 0, length] = data.subarray(offset, offset + 2);",
    after: "const [accountCount = 0, length] = data.subarray(offset, offset + 3);",
    reason: "for the compiler: there is a first byte, and a third is not looked at",
  },
  {
    file: "bff/src/domain/policy/rules/signers-have-signed.ts",
    before:
      "const unsigned = signersOf(input).find((_, index) => isZero(signatures[index + 1] ?? new Uint8Array(64)));",
    after: "const unsigned = signersOf(input).find((_, index) => isZero(signatures[index + 1] ?? new Uint8Array(63)));",
    reason: "zeros are zeros, however many",
  },
  {
    file: "bff/src/domain/policy/rules/signers-have-signed.ts",
    before:
      "const unsigned = signersOf(input).find((_, index) => isZero(signatures[index + 1] ?? new Uint8Array(64)));",
    after: "const unsigned = signersOf(input).find((_, index) => isZero(signatures[index + 1] ?? new Uint8Array(65)));",
    reason: "zeros are zeros, however many",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: 'return typeof value === "bigint" ? value : 0n;',
    after: "return true ? value : 0n;",
    reason: "for the compiler: the shapes of these roles have the argument, as a whole number",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: 'return typeof value === "bigint" ? value : 0n;',
    after: 'return typeof value === "bigint" ? value : 1n;',
    reason: "for the compiler: the shapes of these roles have the argument, as a whole number",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: "return LAMPORTS_PER_BYTE * KEY_BYTES * BigInt(Array.isArray(added) ? added.length : 0);",
    after: "return LAMPORTS_PER_BYTE * KEY_BYTES * BigInt(true ? added.length : 0);",
    reason: "for the compiler: the shape of this role has the argument, as a list",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: "return LAMPORTS_PER_BYTE * KEY_BYTES * BigInt(Array.isArray(added) ? added.length : 0);",
    after: "return LAMPORTS_PER_BYTE * KEY_BYTES * BigInt(Array.isArray(added) ? added.length : 1);",
    reason: "for the compiler: the shape of this role has the argument, as a list",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: "if (!named || account === undefined) return undefined;",
    after: "if (!named && account === undefined) return undefined;",
    reason: "a call without a name has no account either, and no role is of an account that is undefined",
  },
  {
    file: "bff/src/domain/policy/sponsor-roles.ts",
    before: "if (!named || account === undefined) return undefined;",
    after: "if (false) return undefined;",
    reason: "a call without a name has no account either, and no role is of an account that is undefined",
  },
  {
    file: "bff/src/domain/simulation.ts",
    before: "return firstRefusal(input.simulation.error === null ? SIMULATION_RULES : [succeeds], input);",
    after: "return firstRefusal(true ? SIMULATION_RULES : [succeeds], input);",
    reason: "the rule about errors is the first of all, and refuses every one",
  },
];
