import { startStack, type Stack, TEMPLATE } from "@gasless/localnet/testing/stack";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { countWaits } from "./waits.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE });
});
afterAll(() => stack.close());

test("a sign-in waits twice and a relay three times, with warm caches", async () => {
  expect(await countWaits(stack)).toEqual({ sessions: 2, relays: 3 });
});
