import {
  NETWORK,
  ORIGIN,
  type Stack,
  type StackOptions,
  startStack as start,
  TEMPLATE,
} from "@gasless/localnet/testing/stack";
import { inject } from "vitest";

export { NETWORK, ORIGIN, type Stack };

/** A deployment of one test file, on its own clone of the template database. */
export const startStack = (options: Partial<StackOptions> = {}): Promise<Stack> =>
  start({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, ...options });
