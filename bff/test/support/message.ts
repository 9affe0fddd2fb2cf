import { base58 } from "@scure/base";
import type { PlainInstruction, Role } from "./assemble.ts";

export type MessageVersion = "legacy" | 0 | 1;

/** A message before it is bytes, each part of which can be changed by itself. Addresses are base58. */
export interface MessageModel {
  readonly version: MessageVersion;
  readonly requiredSignatures: number;
  readonly readonlySigned: number;
  readonly readonlyUnsigned: number;
  readonly accounts: readonly string[];
  readonly blockhash: string;
  readonly instructions: readonly ModelInstruction[];
  readonly tables: readonly TableUse[];
  /** Of version 1: values that its mask says are there. Without the last two a runtime grants nothing. */
  readonly config: { readonly priorityFee?: bigint; readonly computeUnits?: number; readonly dataSize?: number };
}

export interface ModelInstruction {
  readonly program: number;
  readonly accounts: readonly number[];
  readonly data: readonly number[];
}

/** What a message takes from a lookup table, by its places in it. */
export interface TableUse {
  readonly address: string;
  readonly writable: readonly number[];
  readonly readonly: readonly number[];
}

export interface MessagePlan {
  readonly version: MessageVersion;
  readonly feePayer: string;
  readonly blockhash: string;
  readonly instructions: readonly PlainInstruction[];
  /** Accounts that nobody signs for are taken from here where they can be; in version 0 only. */
  readonly tables?: readonly { readonly address: string; readonly entries: readonly string[] }[];
  readonly config?: MessageModel["config"];
}

const ORDER: readonly Role[] = ["ws", "s", "w", "r"];

/** The strongest role that any instruction wants of each account, the fee payer first. */
function collectRoles({ feePayer, instructions }: MessagePlan): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>([[feePayer, "ws"]]);
  const demand = (address: string, role: Role): void => {
    const both = `${roles.get(address) ?? ""}${role}`;
    const isSigner = both.includes("s");
    roles.set(address, both.includes("w") ? (isSigner ? "ws" : "w") : isSigner ? "s" : "r");
  };
  for (const { accounts = [], program } of instructions) {
    for (const [address, role] of accounts) demand(address, role);
    demand(program, "r");
  }
  return roles;
}

/** The message that an attacker's own compiler makes: it has nothing against any account in any place. */
export function planMessage(plan: MessagePlan): MessageModel {
  const { version, blockhash, instructions, config = {} } = plan;
  const roles = collectRoles(plan);
  const programs = new Set(instructions.map(({ program }) => program));
  const tables = version === 0 ? (plan.tables ?? []) : [];
  const isLoaded = (address: string): boolean =>
    !programs.has(address) &&
    !(roles.get(address) ?? "").includes("s") &&
    tables.some(({ entries }) => entries.includes(address));
  const inOrder = ORDER.flatMap((role) => [...roles].flatMap(([address, own]) => (own === role ? [address] : [])));
  const accounts = inOrder.filter((address) => !isLoaded(address));
  const count = (role: Role): number => accounts.filter((address) => roles.get(address) === role).length;

  const left = new Set(inOrder.filter(isLoaded));
  const uses = tables.map(({ address, entries }) => {
    const take = (role: Role): number[] =>
      entries.flatMap((entry, index) => (left.has(entry) && roles.get(entry) === role ? [index] : []));
    const use = { address, writable: take("w"), readonly: take("r") };
    for (const index of [...use.writable, ...use.readonly]) left.delete(entries[index] ?? "");
    return { use, entries };
  });
  const loaded = (["writable", "readonly"] as const).flatMap((part) =>
    uses.flatMap(({ use, entries }) => use[part].map((index) => entries[index] ?? "")),
  );
  const indexOf = (address: string): number => [...accounts, ...loaded].indexOf(address);
  return {
    version,
    requiredSignatures: count("ws") + count("s"),
    readonlySigned: count("s"),
    readonlyUnsigned: count("r"),
    accounts,
    blockhash,
    instructions: instructions.map(({ program, accounts: named = [], data = [] }) => ({
      program: indexOf(program),
      accounts: named.map(([address]) => indexOf(address)),
      data: Array.from(data),
    })),
    tables: uses.map(({ use }) => use).filter(({ writable, readonly }) => writable.length + readonly.length > 0),
    config,
  };
}

const compactU16 = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);

function littleEndian(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

const keyBytes = (address: string): number[] => [...base58.decode(address)];

/** Source: SIMD-0385. */
function encodeV1(model: MessageModel): number[] {
  const { accounts, instructions, config } = model;
  const { priorityFee, computeUnits, dataSize } = config;
  const feeBits = priorityFee === undefined ? 0 : 0b11;
  const mask = feeBits | (computeUnits === undefined ? 0 : 0b100) | (dataSize === undefined ? 0 : 0b1000);
  return [
    0x81,
    ...headerOf(model),
    ...littleEndian(BigInt(mask), 4),
    ...keyBytes(model.blockhash),
    instructions.length,
    accounts.length,
    ...accounts.flatMap(keyBytes),
    ...(priorityFee === undefined ? [] : littleEndian(priorityFee, 8)),
    ...(computeUnits === undefined ? [] : littleEndian(BigInt(computeUnits), 4)),
    ...(dataSize === undefined ? [] : littleEndian(BigInt(dataSize), 4)),
    ...instructions.flatMap(({ program, accounts: named, data }) => [
      program,
      named.length,
      ...littleEndian(BigInt(data.length), 2),
    ]),
    ...instructions.flatMap(({ accounts: named, data }) => [...named, ...data]),
  ];
}

const headerOf = ({ requiredSignatures, readonlySigned, readonlyUnsigned }: MessageModel): number[] => [
  requiredSignatures,
  readonlySigned,
  readonlyUnsigned,
];

export function encodeMessage(model: MessageModel): Uint8Array<ArrayBuffer> {
  if (model.version === 1) return Uint8Array.from(encodeV1(model));
  const { version, accounts, instructions, tables } = model;
  return Uint8Array.from([
    ...(version === 0 ? [0x80] : []),
    ...headerOf(model),
    ...compactU16(accounts.length),
    ...accounts.flatMap(keyBytes),
    ...keyBytes(model.blockhash),
    ...compactU16(instructions.length),
    ...instructions.flatMap(({ program, accounts: named, data }) => [
      program,
      ...compactU16(named.length),
      ...named,
      ...compactU16(data.length),
      ...data,
    ]),
    ...(version === 0
      ? [
          ...compactU16(tables.length),
          ...tables.flatMap(({ address, writable, readonly }) => [
            ...keyBytes(address),
            ...compactU16(writable.length),
            ...writable,
            ...compactU16(readonly.length),
            ...readonly,
          ]),
        ]
      : []),
  ]);
}

/** Wire bytes: signatures stand in front, in version 1 behind. */
export function joinSignatures(
  version: MessageVersion,
  message: Uint8Array,
  signatures: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const slots = signatures.flatMap((signature) => [...signature]);
  return version === 1
    ? Uint8Array.from([...message, ...slots])
    : Uint8Array.from([...compactU16(signatures.length), ...slots, ...message]);
}
