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
