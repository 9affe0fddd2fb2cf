import { expect } from "vitest";

type Body = (...values: never[]) => unknown;

/** A test as its file declares it. */
export interface DeclaredTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

interface Block {
  readonly before: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

/** What a test file finds under the name of vitest: it declares tests, and runs none of them. */
export interface MiniVitest {
  readonly exports: Readonly<Record<string, unknown>>;
  /** What was declared since the last time. */
  readonly take: () => readonly DeclaredTest[];
}

const isRow = (value: unknown): value is readonly never[] => Array.isArray(value);

/**
 * Vitest's own assertions, and as much of its declaring as the domain's tests use. Running tests by vitest itself
 * takes half a second a mutant before the first assertion; this takes a few milliseconds.
 */
export function createMiniVitest(): MiniVitest {
  let declared: DeclaredTest[] = [];
  let blocks: readonly Block[] = [newBlock()];
  let path: readonly string[] = [];
  const hasRun = new Set<Body>();

  const declare = (name: string, body: Body): void => {
    const around = blocks;
    const run = async (): Promise<void> => {
      const setUp = around.flatMap(({ before }) => before).filter((hook) => !hasRun.has(hook));
      for (const hook of setUp) {
        hasRun.add(hook);
        await hook();
      }
      for (const hook of around.flatMap(({ beforeEach }) => beforeEach)) await hook();
      try {
        await body();
      } finally {
        for (const hook of around.flatMap(({ afterEach }) => afterEach)) await hook();
      }
    };
    declared.push({ name: [...path, name].join(" > "), run });
  };

  const describe = (name: string, body: Body): void => {
    const outside = { blocks, path };
    blocks = [...blocks, newBlock()];
    path = [...path, name];
    try {
      body();
    } finally {
      // A change may make it throw: what is declared after it stands outside all the same.
      ({ blocks, path } = outside);
    }
  };
  const each =
    (one: (name: string, body: Body) => void) =>
    (rows: readonly unknown[]) =>
    (name: string, body: Body): void => {
      for (const [index, row] of rows.entries()) {
        const values = (isRow(row) ? row : [row]) as readonly never[];
        one(`${name} #${index}`, () => body(...values));
      }
    };
  const hook =
    (kind: keyof Block) =>
    (body: Body): void =>
      void blocks.at(-1)?.[kind].push(body);

  return {
    exports: {
      expect,
      test: Object.assign(declare, { each: each(declare) }),
      describe: Object.assign(describe, { each: each(describe) }),
      beforeAll: hook("before"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      afterAll: () => undefined,
    },
    take() {
      const taken = declared;
      declared = [];
      return taken;
    },
  };
}

function newBlock(): Block {
  return { before: [], beforeEach: [], afterEach: [] };
}
