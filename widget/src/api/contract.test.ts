import { expectTypeOf, test } from "vitest";
import type * as Wire from "../../../bff/src/contract/index.ts";
import type {
  Allowance,
  Challenge,
  PreparedRelay,
  Problem,
  ProjectConfig,
  Relay,
  RelayList,
  SessionTokens,
} from "./types.ts";

// Checked by the compiler: what the API answers must be what the widget reads.
test("every answer of the API is one that the widget understands", () => {
  expectTypeOf<Wire.ProjectConfig>().toExtend<ProjectConfig>();
  expectTypeOf<Wire.Challenge>().toExtend<Challenge>();
  expectTypeOf<Wire.SessionTokens>().toExtend<SessionTokens>();
  expectTypeOf<Wire.Allowance>().toExtend<Allowance>();
  expectTypeOf<Wire.PreparedRelay>().toExtend<PreparedRelay>();
  expectTypeOf<Wire.Relay>().toExtend<Relay>();
  expectTypeOf<Wire.RelayList>().toExtend<RelayList>();
  expectTypeOf<Wire.Problem>().toExtend<Problem>();
});
