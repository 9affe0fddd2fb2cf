import type { Budget } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { type FakeOptions, minutesAgo } from "./world.ts";

const inHours = (hours: number): string => minutesAgo(-60 * hours);
const BUDGETS: readonly Budget[] = [
  { subject: "user", window: "day", unit: "relays", limit: "20", used: null, held: null, resetsAt: inHours(9) },
  { subject: "user", window: "day", unit: "fee", limit: "200000", used: null, held: null, resetsAt: inHours(9) },
  { subject: "project", window: "hour", unit: "relays", limit: "3000", used: "412", held: "3", resetsAt: inHours(0.4) },
  {
    subject: "project",
    window: "day",
    unit: "fee",
    limit: "2500000000",
    used: "2291400000",
    held: "30000",
    resetsAt: inHours(9),
  },
  {
    subject: "project",
    window: "month",
    unit: "rent",
    limit: "40000000000",
    used: "9177000000",
    held: "0",
    resetsAt: inHours(60),
  },
  { subject: "policy", window: "lifetime", unit: "fee", limit: "50000000000", used: null, held: null, resetsAt: null },
];

export function budgetsFake({ state }: FakeOptions): FakeHandlers {
  let budgets = state === "empty" ? [] : BUDGETS;
  let version = 5;
  let isFirst = true;
  const list = () => ({ version: String(version), data: [...budgets] });
  return {
    listBudgets: list,
    setBudgets: ({ body }) => {
      // Whoever asks for 4,242 relays finds that somebody was faster, once.
      if (isFirst && body.data.some(({ limit }) => limit === "4242")) {
        isFirst = false;
        version += 1;
        budgets = budgets.map((each) => (each.window === "hour" ? { ...each, limit: "5000" } : each));
      }
      if (body.version !== String(version)) {
        throw new FakeProblem(409, "manage.conflict", "Somebody else set the budgets meanwhile.");
      }
      version += 1;
      budgets = body.data.map((limit) => ({
        ...(limit.subject === "project" ? { used: "0", held: "0" } : { used: null, held: null }),
        resetsAt: limit.window === "lifetime" ? null : inHours(9),
        ...limit,
      }));
      return list();
    },
  };
}
