import { expect, test } from "vitest";
import { ApiProblem } from "../api/problem.ts";
import { fixFor } from "./states.ts";

const conflict = (detail: string) => new ApiProblem({ status: 409, code: "manage.conflict", detail });

test("only of what somebody was faster with it is said that somebody was", () => {
  expect(fixFor(conflict("The project was changed meanwhile."))).toContain("Load it again");
  expect(fixFor(conflict("The address pays for this project: drain the sponsor instead."))).toBeUndefined();
});

test("who is to wait is told how long", () => {
  const problem = new ApiProblem({ status: 429, code: "rate.limited", detail: "Too many.", retryAfterSeconds: 7 });
  expect(fixFor(problem)).toBe("Try again in 7 seconds.");
});
