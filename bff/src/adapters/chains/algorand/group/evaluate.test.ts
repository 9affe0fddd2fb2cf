import { describe, expect, test } from "vitest";
import {
  calls,
  FRIEND,
  groupInput,
  type GroupSketch,
  optsIn,
  pays,
  SPONSOR,
  sponsorGives,
  sponsorPays,
  STRANGER,
} from "../../../../../test/support/algorand-groups.ts";
import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import { traceRules } from "../../../../domain/policy/trace.ts";
import { evaluateGroupForm, evaluateGroupPolicy, GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./evaluate.ts";

const OTHER_NETWORK = { gh: FRIEND.publicKey };
const LONG = { lv: 5_000n };

describe("rules are asked in one order, so that a group with many faults has one code", () => {
  const form = (sketch: GroupSketch) => evaluateGroupForm(groupInput(sketch))?.code;
  const policy = (sketch: GroupSketch, changes: Partial<AlgorandPolicy> = {}) =>
    evaluateGroupPolicy(groupInput(sketch, changes))?.code;

  test("a wrong fee payer before everything else", () => {
    const sponsored = sponsorPays({ snd: STRANGER.publicKey, ...OTHER_NETWORK, ...LONG });
    expect(form({ sponsored, user: [], signing: { 0: "sender" } })).toBe("transaction.wrong_fee_payer");
  });

  test("a signature in the sponsor's name before the network", () => {
    const sponsored = sponsorPays({ ...OTHER_NETWORK, ...LONG });
    expect(form({ sponsored, user: [], signing: { 0: "sender" } })).toBe("transaction.signature_invalid");
  });

  test("the network before the time", () => {
    expect(form({ sponsored: sponsorPays({ ...OTHER_NETWORK, ...LONG }), user: [] })).toBe("transaction.wrong_network");
  });

  test("the time before signatures", () => {
    expect(form({ sponsored: sponsorPays(LONG), user: [] })).toBe("transaction.expired");
  });

  test("the wallet that sends nothing before another sender who has not signed", () => {
    const input = groupInput({ user: [pays({ snd: FRIEND.publicKey })], signing: { 1: "nobody" } });
    expect(evaluateGroupForm(input)?.context).toEqual({ signer: input.sessionAddress });
  });

  test("the sponsor's misuse before anything that a policy could allow", () => {
    const user = [pays({ lx: FRIEND.publicKey, rcv: SPONSOR.publicKey, fee: 5n })];
    expect(policy({ sponsored: sponsorPays({ amt: 1n, fee: 99_000n }), user }, { allow: [] })).toBe(
      "policy.fee_payer_misused",
    );
    expect(policy({ user }, { allow: [] })).toBe("policy.fee_payer_misused");
  });

  test("a lease before the allowlist", () => {
    expect(policy({ user: [pays({ lx: FRIEND.publicKey })] }, { allow: [] })).toBe("policy.argument_not_allowed");
  });

  test("what is not sponsored before a fee that is too high, and that before what is not given", () => {
    const sponsored = sponsorGives(500_000n, { fee: 99_000n });
    expect(policy({ sponsored, user: [optsIn()] }, { allow: [] })).toBe("policy.instruction_not_allowed");
    expect(policy({ sponsored, user: [optsIn()] })).toBe("policy.fee_exceeded");
    expect(policy({ sponsored: sponsorGives(500_000n), user: [optsIn()] })).toBe("policy.rent_not_sponsored");
    expect(policy({ user: [optsIn(), calls()] })).toBeUndefined();
  });
});

test("no two rules have one name", () => {
  const names = [...GROUP_FORM_RULES, ...GROUP_POLICY_RULES].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe("what a rule found is told as it is:", () => {
  const found = (sketch: GroupSketch, name: string, policy: Partial<AlgorandPolicy> = {}) =>
    traceRules([...GROUP_FORM_RULES, ...GROUP_POLICY_RULES], groupInput(sketch, policy)).filter(
      ({ rule }) => rule === name,
    );
  const detailOf = (sketch: GroupSketch, policy: Partial<AlgorandPolicy> = {}) => {
    const input = groupInput(sketch, policy);
    return (evaluateGroupForm(input) ?? evaluateGroupPolicy(input))?.detail;
  };

  test("the transaction that is of another network, or the names where there are two", () => {
    const observed = (user: GroupSketch["user"]) =>
      found({ user }, "network-is-ours").map((entry) => [entry.instruction, entry.observed]);
    const other = Buffer.from(FRIEND.publicKey).toString("base64");
    expect(observed([pays(), pays(OTHER_NETWORK)])).toEqual([[2, other]]);
    expect(observed([pays({ gen: "other-v1" })])).toEqual([[undefined, "gasless-v1, other-v1"]]);
    expect(found({ sponsored: sponsorPays(OTHER_NETWORK), user: [pays()] }, "network-is-ours")[0]?.instruction).toBe(0);
  });

  test("how many rounds the group is valid for, and that all its transactions must be for the same", () => {
    const of = (lv: bigint) => ({ sponsored: sponsorPays({ lv }), user: [pays({ lv })] });
    expect(found(of(1_000n), "validity-is-short")).toEqual([
      { rule: "validity-is-short", verdict: "pass", observed: "0", limit: "20" },
    ]);
    expect(found(of(1_020n), "validity-is-short")[0]).toMatchObject({ verdict: "pass", observed: "20" });
    expect(detailOf(of(1_021n))).toBe("The group is valid for 21 rounds; at most 20 are taken. Prepare it again.");
    expect(detailOf({ user: [pays({ lv: 1_019n })] })).toBe(
      "The transactions of the group are not valid in the same rounds. Prepare it again.",
    );
    // Two faults at once: the window itself is told, where all transactions share it.
    expect(detailOf({ sponsored: sponsorPays(LONG), user: [pays()] })).toMatch(/^The transactions of the group/);
  });

  test("the sponsor's place in the group is the first", () => {
    expect(found({ sponsored: sponsorPays({ amt: 1n }), user: [pays()] }, "sponsor-only-pays")[0]?.instruction).toBe(0);
    expect(found({ user: [pays()], signing: { 0: "sender" } }, "sponsor-signs-last")[0]?.instruction).toBe(0);
  });

  test("the fee of the whole group, the user's own included", () => {
    expect(found({ user: [pays({ fee: 300n })] }, "fee-within-limit")[0]).toMatchObject({
      observed: "2300",
      limit: "16000",
    });
  });

  test("that nothing is given, or how much at most", () => {
    const minimumBalance = { assets: true } as const;
    const sketch = { sponsored: sponsorGives(150_000n), user: [optsIn()] };
    expect(detailOf(sketch)).toBe("This project does not give the minimum balance for this group.");
    expect(detailOf(sketch, { minimumBalance, maxRent: "1" })).toBe(
      "The sponsor would give 150000 microalgos; this project gives at most 1 for this group.",
    );
    expect(detailOf(sketch, { minimumBalance, maxRent: "900000" })).toMatch(/at most 100000 for this group/);
    expect(found({ user: [optsIn()] }, "minimum-balance-is-granted", { minimumBalance })).toEqual([
      { rule: "minimum-balance-is-granted", verdict: "pass" },
    ]);
  });

  test("a gift of a single microalgo that is lacking is a gift like any other", () => {
    const policy = { minimumBalance: { assets: true }, maxRent: "1" } as const;
    expect(evaluateGroupPolicy(groupInput({ sponsored: sponsorGives(1n), user: [optsIn()] }, policy))).toBeUndefined();
  });

  test("a sponsor's key in a note, on which nobody acts, is none of its misuse", () => {
    expect(evaluateGroupPolicy(groupInput({ user: [pays({ note: SPONSOR.publicKey })] }))).toBeUndefined();
  });
});
