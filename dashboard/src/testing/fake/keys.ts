import type { CreatedKey, ProjectKey } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { daysAgo, type FakeOptions, fakeId, minutesAgo } from "./world.ts";

const KEYS: readonly ProjectKey[] = [
  {
    id: fakeId("key", 3),
    kind: "secret",
    name: "Risk service",
    lastFour: "9fQz",
    scopes: ["lists:read", "lists:write", "jobs:read"],
    createdAt: daysAgo(20),
    lastUsedAt: minutesAgo(4),
    endsAt: daysAgo(-70),
    isActive: true,
  },
  {
    id: fakeId("key", 2),
    kind: "publishable",
    name: "tickets.example",
    lastFour: "mW2c",
    scopes: [],
    createdAt: daysAgo(31),
    lastUsedAt: minutesAgo(1),
    endsAt: null,
    isActive: true,
  },
  {
    id: fakeId("key", 1),
    kind: "publishable",
    name: null,
    lastFour: "Aa11",
    scopes: [],
    createdAt: daysAgo(60),
    lastUsedAt: daysAgo(30),
    endsAt: daysAgo(29),
    isActive: false,
  },
];

export function keysFake({ state }: FakeOptions): FakeHandlers {
  let keys: readonly ProjectKey[] = state === "empty" ? [] : KEYS;
  let made = 0;
  const add = (key: Pick<ProjectKey, "kind" | "name" | "scopes" | "endsAt">): CreatedKey => {
    made += 1;
    const text = `${key.kind === "secret" ? "sk" : "pk"}_test_${"Xk3vN8pQ2rT5wY7xB1cD4fG6".slice(made)}${String(made).padStart(6 + made, "Qz7R5t")}`;
    const kept = {
      ...key,
      id: fakeId("key", 100 + made),
      lastFour: text.slice(-4),
      createdAt: daysAgo(0),
      lastUsedAt: null,
      isActive: true,
    };
    keys = [kept, ...keys];
    return { ...kept, key: text };
  };
  const find = (id: string): ProjectKey => {
    const key = keys.find((each) => each.id === id);
    if (!key) throw new FakeProblem(404, "request.not_found", "There is no such key.");
    return key;
  };
  const end = (id: string, endsAt: string, isActive: boolean) => {
    keys = keys.map((each) => (each.id === id ? { ...each, endsAt, isActive } : each));
  };
  return {
    listKeys: () => ({ data: [...keys], nextCursor: null }),
    createKey: ({ body }) =>
      add({
        kind: body.kind,
        name: body.name ?? null,
        scopes: body.kind === "secret" ? body.scopes : [],
        endsAt: body.kind === "secret" && body.expiresInSeconds ? minutesAgo(-body.expiresInSeconds / 60) : null,
      }),
    rollKey: ({ params, body }) => {
      const old = find(params.keyId);
      const overlapSeconds = body.overlapSeconds ?? 86_400;
      end(old.id, minutesAgo(-overlapSeconds / 60), overlapSeconds > 0);
      return add({ ...old, endsAt: null });
    },
    revokeKey: ({ params }) => {
      end(find(params.keyId).id, minutesAgo(0), false);
      return undefined;
    },
  };
}
