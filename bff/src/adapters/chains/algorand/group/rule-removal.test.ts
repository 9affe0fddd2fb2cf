import { describe, expect, test } from "vitest";
import { GROUP_ATTACKS, type GroupAttack, type Stage } from "../../../../../test/matrix/algorand-attacks.ts";
import {
  APPLICATION,
  calls,
  groupInput,
  movesAsset,
  optsIn,
  optsOut,
  pays,
  sponsorGives,
} from "../../../../../test/support/algorand-groups.ts";
import { firstRefusal } from "../../../../domain/policy/rule.ts";
import { traceRules } from "../../../../domain/policy/trace.ts";
import {
  evaluateGroupForm,
  evaluateGroupPolicy,
  evaluateUnsigned,
  GROUP_FORM_RULES,
  GROUP_POLICY_RULES,
} from "./evaluate.ts";
import type { GroupInput, GroupRule } from "./group-input.ts";

const STAGES: readonly (readonly [Stage, readonly GroupRule[]])[] = [
  ["form", GROUP_FORM_RULES],
  ["policy", GROUP_POLICY_RULES],
];
const RULES = STAGES.flatMap(([stage, rules]) => rules.map((rule) => ({ by: `${stage} ${rule.name}`, rule })));

const inputOf = ({ sketch, policy, changes }: GroupAttack): GroupInput => groupInput(sketch, policy, changes);

/** Every rule in the order of the service, but for one; the first that refuses. */
function judge(input: GroupInput, without?: string): { by: string; code: string } | undefined {
  for (const { by, rule } of RULES) {
    const refusal = by === without ? undefined : firstRefusal([rule], input);
    if (refusal) return { by, code: refusal.code };
  }
  return undefined;
}

const harmless = groupInput(
  { sponsored: sponsorGives(200_000n), user: [optsIn(), movesAsset(), optsOut(), calls({ apid: APPLICATION })] },
  { minimumBalance: { account: true, assets: true }, maxRent: "200000" },
);

test("a group that attacks nobody passes every rule, or none of these proofs would mean anything", () => {
  expect(judge(harmless)).toBeUndefined();
  expect([evaluateGroupForm(harmless), evaluateUnsigned(harmless), evaluateGroupPolicy(harmless)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe("each attack of the list is stopped, with its code, by the rule that is there for it", () => {
  test.each(GROUP_ATTACKS)("$name: $stoppedBy", (attack) => {
    const input = inputOf(attack);
    expect(judge(input)).toEqual({ by: attack.stoppedBy, code: attack.code });
    expect((evaluateGroupForm(input) ?? evaluateGroupPolicy(input))?.code).toBe(attack.code);
  });
});

describe("no rule can be taken away: without it, an attack passes that it alone had stopped", () => {
  test.each(RULES)("$by", ({ by }) => {
    const passing = GROUP_ATTACKS.filter(({ stoppedBy }) => stoppedBy === by).filter(
      (attack) => judge(inputOf(attack), by) === undefined,
    );
    expect(passing.map(({ name }) => name)).not.toEqual([]);
  });
});

describe("what every rule says", () => {
  test("is something that an integrator can act on, with the place in the group where it is about one transaction", () => {
    for (const attack of GROUP_ATTACKS) {
      const input = inputOf(attack);
      const findings = RULES.flatMap(({ rule }) => rule.check(input));
      for (const finding of findings) {
        if (finding.verdict === "fail") {
          expect(finding.hint.length, attack.name).toBeGreaterThan(20);
          expect(finding.refusal.detail, attack.name).toMatch(/^[A-Z].*\.$/);
        }
      }
    }
  });

  test("of a group that is sponsored is a pass for each of the user's transactions and for each bound", () => {
    const trace = traceRules(GROUP_POLICY_RULES, harmless);
    expect(new Set(trace.map(({ verdict }) => verdict))).toEqual(new Set(["pass"]));
    const entries = trace.filter(({ rule }) => rule === "transactions-are-allowed");
    expect(entries.map(({ instruction }) => instruction)).toEqual([1, 2, 3, 4]);
    const bounds = trace.filter(({ limit }) => limit !== undefined);
    expect(bounds.map(({ rule, observed, limit }) => [rule, observed, limit])).toEqual([
      ["transactions-within-limit", "4", "4"],
      ["user-pays-no-fee", "0", "0"],
      ["fee-within-limit", "2000", "16000"],
      ["minimum-balance-is-granted", "200000", "200000"],
    ]);
  });

  test("of a group that nobody has signed is what it would be with signatures, but for those", () => {
    const unsigned = groupInput({ user: [pays()], signing: { 1: "nobody" } });
    expect(evaluateUnsigned(unsigned)).toBeUndefined();
    expect(evaluateGroupForm(unsigned)?.code).toBe("transaction.signature_missing");
    expect(evaluateGroupPolicy(unsigned)).toBeUndefined();
  });
});

test("the corpus keeps its attacks", () => {
  expect(GROUP_ATTACKS.length).toBeGreaterThanOrEqual(140);
  expect(new Set(GROUP_ATTACKS.map(({ name }) => name)).size).toBe(GROUP_ATTACKS.length);
});
