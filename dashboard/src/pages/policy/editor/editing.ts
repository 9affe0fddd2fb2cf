import type { Program } from "../model/catalogue.ts";
import type { Finding } from "../model/findings.ts";
import type { Names } from "../model/names.ts";
import { isObject, type Json, type Path, readAt } from "../model/pointer.ts";

/** What every part of the form is given. */
export interface Editing {
  readonly document: Json;
  readonly network: string;
  readonly programs: readonly Program[];
  readonly names: Names;
  readonly findings: readonly Finding[];
  /** Where the network's budgets are set. */
  readonly budgetsLink: string;
  /** Undefined takes away what is there, and what would be left empty around it. */
  set(path: Path, value: unknown): void;
  append(path: Path, value: unknown): void;
  change(edit: (document: Json) => Json): void;
  /** Which entry of a list it is, whatever is changed in it or before it. */
  keyOf(entry: unknown): unknown;
}

export const listAt = (document: Json, path: Path): readonly unknown[] => {
  const value = readAt(document, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
};

export const objectAt = (document: Json, path: Path): Json => {
  const value = readAt(document, path);
  return isObject(value) ? value : {};
};

export interface EntryKeys {
  keyOf(entry: unknown): unknown;
  /** One object took the place of another. */
  follow(before: unknown, after: unknown): void;
}

/** Entries have no ids of their own: they are known by the object that they are, and by the one it came from. */
export function createEntryKeys(): EntryKeys {
  const keys = new WeakMap<object, object>();
  const isRef = (value: unknown): value is object => typeof value === "object" && value !== null;
  const keyOf = (entry: unknown): unknown => {
    if (!isRef(entry)) return entry;
    const known = keys.get(entry);
    if (known) return known;
    const key = {};
    keys.set(entry, key);
    return key;
  };
  return {
    keyOf,
    follow(before, after) {
      if (isRef(before) && isRef(after)) keys.set(after, keyOf(before) as object);
    },
  };
}
