import type { Random } from "../simulation/random.ts";
import type { MessageModel, ModelInstruction, TableUse } from "../support/message.ts";
import type { Scene } from "./scene.ts";

type Mutation = (model: MessageModel, random: Random, scene: Scene) => MessageModel;

const step = (random: Random): number => random.pick([-1, 1, 1, 2]);
const asByte = (value: number): number => Math.max(0, Math.min(255, value));

function changeOne<Item>(items: readonly Item[], random: Random, change: (item: Item) => Item): readonly Item[] {
  return items.length === 0 ? items : items.map(choose(items.length, random, change));
}

function choose<Item>(count: number, random: Random, change: (item: Item) => Item) {
  const chosen = random.below(count);
  return (item: Item, index: number): Item => (index === chosen ? change(item) : item);
}

const inInstruction =
  (change: (instruction: ModelInstruction, random: Random, model: MessageModel) => ModelInstruction): Mutation =>
  (model, random) => ({
    ...model,
    instructions: changeOne(model.instructions, random, (one) => change(one, random, model)),
  });

/** Any index that a message could mean, and some that none does. */
function anyIndex({ accounts, tables }: MessageModel, random: Random): number {
  const loaded = tables.reduce((sum, { writable, readonly }) => sum + writable.length + readonly.length, 0);
  return random.chance(0.4) ? 0 : random.below(accounts.length + loaded + 1);
}

function swap<Item>(items: readonly Item[], left: number, right: number): readonly Item[] {
  const [one, other] = [items[left], items[right]];
  return one === undefined || other === undefined ? items : items.with(left, other).with(right, one);
}

const inTable =
  (change: (use: TableUse, random: Random) => TableUse): Mutation =>
  (model, random) => ({
    ...model,
    tables: changeOne(model.tables, random, (use) => change(use, random)),
  });

/** What an attacker tries who knows the format: one part of the message becomes another. */
const MUTATIONS: readonly Mutation[] = [
  (model, random) => ({ ...model, requiredSignatures: asByte(model.requiredSignatures + step(random)) }),
  (model, random) => ({ ...model, readonlySigned: asByte(model.readonlySigned + step(random)) }),
  (model, random) => ({ ...model, readonlyUnsigned: asByte(model.readonlyUnsigned + step(random)) }),
  (model, random) => ({ ...model, version: random.pick(["legacy", 0, 1] as const) }),
  (model, random) => ({
    ...model,
    accounts: swap(model.accounts, random.below(model.accounts.length), random.below(model.accounts.length)),
  }),
  (model, random, scene) => ({
    ...model,
    accounts: changeOne(model.accounts, random, () => random.pick([scene.sponsor, scene.spare, scene.user])),
  }),
  (model, random, scene) => ({
    ...model,
    accounts: [...model.accounts, random.pick([scene.sponsor, scene.spare, scene.friend])],
  }),
  (model, random) => {
    const { instructions } = model;
    return { ...model, instructions: [...instructions, ...instructions.slice(random.below(instructions.length + 1))] };
  },
  (model, random) => ({
    ...model,
    instructions: model.instructions.filter((_, index) => index !== random.below(model.instructions.length)),
  }),
  (model, random) => ({
    ...model,
    instructions: swap(model.instructions, 0, random.below(model.instructions.length)),
  }),
  (model, random) => ({
    ...model,
    config: random.pick([
      {},
      { priorityFee: BigInt(random.below(300_000)) },
      { computeUnits: random.pick([0, 1_000, 400_000, 2 ** 32 - 1]) },
      { priorityFee: random.pick([1n, 2n ** 64n - 1n]), computeUnits: random.pick([1, 1_400_000]) },
    ]),
  }),
  inInstruction((one, random, model) => ({
    ...one,
    accounts: changeOne(one.accounts, random, () => anyIndex(model, random)),
  })),
  inInstruction((one, random, model) => ({ ...one, accounts: [...one.accounts, anyIndex(model, random)] })),
  inInstruction((one) => ({ ...one, accounts: one.accounts.slice(0, -1) })),
  inInstruction((one, random, model) => ({ ...one, program: anyIndex(model, random) })),
  inInstruction((one, random) => ({ ...one, data: changeOne(one.data, random, () => random.below(256)) })),
  inInstruction((one, random) => ({ ...one, data: [...one.data, random.below(256)] })),
  inInstruction((one) => ({ ...one, data: one.data.slice(0, -1) })),
  inTable((use, random) => ({ ...use, writable: changeOne(use.writable, random, () => random.below(64)) })),
  inTable((use, random) => ({ ...use, readonly: [...use.readonly, random.below(64)] })),
  inTable(({ address, writable, readonly }) => ({ address, writable: readonly, readonly: writable })),
  (model, random, scene) => ({
    ...model,
    tables: [...model.tables, { address: scene.table.address, writable: [random.below(40)], readonly: [] }],
  }),
];

export function mutateMessage(model: MessageModel, random: Random, scene: Scene): MessageModel {
  let changed = model;
  for (let count = 1 + random.below(3); count > 0; count--) changed = random.pick(MUTATIONS)(changed, random, scene);
  return changed;
}

/** Bytes turned, put in, left out, or followed by others. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const head = bytes.subarray(0, at);
  const tail = bytes.subarray(at);
  return Uint8Array.from(
    random.pick([
      () => [...head, ...Array.from(tail, (byte, index) => (index === 0 ? byte ^ (1 << random.below(8)) : byte))],
      () => [...head, random.below(256), ...tail],
      () => [...head, ...tail.subarray(1)],
      () => [...bytes, ...Array.from({ length: 1 + random.below(70) }, () => random.below(3))],
      () => [...head],
    ])(),
  );
}
