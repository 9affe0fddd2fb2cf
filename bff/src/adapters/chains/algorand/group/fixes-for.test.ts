import { describe, expect, test } from "vitest";
import {
  APPLICATION,
  ASSET,
  calls,
  FRIEND,
  groupInput,
  type GroupSketch,
  movesAsset,
  optsIn,
  optsOut,
  pays,
  SPONSOR,
  sponsorGives,
  sponsorPays,
  STRANGER,
} from "../../../../../test/support/algorand-groups.ts";
import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import { compileAlgorandPolicy } from "../policy/compile.ts";
import { GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./evaluate.ts";
import { proposeGroupChanges } from "./fixes-for.ts";
import type { GroupInput } from "./group-input.ts";

const failing = (input: GroupInput): readonly string[] =>
  [...GROUP_FORM_RULES, ...GROUP_POLICY_RULES].flatMap(({ name, check }) =>
    check(input).some(({ verdict }) => verdict === "fail") ? [name] : [],
  );

function propose(sketch: GroupSketch, policy: Partial<AlgorandPolicy> = {}) {
  const input = groupInput(sketch, policy);
  const changes = proposeGroupChanges(input);
  for (const { rules, document } of changes) {
    const still = failing({ ...input, policy: compileAlgorandPolicy(document as AlgorandPolicy) });
    expect(rules.filter((rule) => still.includes(rule))).toEqual([]);
  }
  return changes.map(({ document }) => document as AlgorandPolicy);
}

const method = Uint8Array.of(1, 2, 3, 4);
const asset = ASSET.toString();

describe("what would let a refused group through", () => {
  test.each<readonly [string, GroupSketch["user"], AlgorandPolicy["allow"]]>([
    [
      "a payment to its receiver, up to its amount",
      [pays({ amt: 7n })],
      [{ transaction: "payment", arguments: { receiver: { eq: FRIEND.address }, amount: { lte: "7" } } }],
    ],
    [
      "a transfer of its asset",
      [movesAsset()],
      [{ transaction: "asset-transfer", arguments: { asset: { eq: asset } } }],
    ],
    ["an opt-in to its asset", [optsIn()], [{ transaction: "asset-opt-in", arguments: { asset: { eq: asset } } }]],
    ["an opt-out of its asset", [optsOut()], [{ transaction: "asset-opt-out", arguments: { asset: { eq: asset } } }]],
    [
      "a call of its method",
      [calls({ apaa: [method] })],
      [{ transaction: "application-call", application: APPLICATION.toString(), methods: ["01020304"] }],
    ],
    [
      "a call without arguments that opts in",
      [calls({ apan: 1n })],
      [{ transaction: "application-call", application: APPLICATION.toString(), bare: true, onComplete: ["opt-in"] }],
    ],
    [
      "two methods of one application in one entry",
      [calls({ apaa: [method] }), calls({ apaa: [Uint8Array.of(9, 9, 9, 9)] })],
      [{ transaction: "application-call", application: APPLICATION.toString(), methods: ["01020304", "09090909"] }],
    ],
  ])("%s", (_, user, allow) => {
    expect(propose({ user }, { allow: [] }).at(-1)?.allow).toEqual(allow);
  });

  test("an entry that is there already is widened by what it lacked", () => {
    const entry = {
      transaction: "payment" as const,
      arguments: { receiver: { eq: SPONSOR.address }, amount: { lt: "5" } },
    };
    const [changed] = propose({ user: [pays({ amt: 7n })] }, { allow: [entry] });
    expect(changed?.allow).toEqual([
      {
        transaction: "payment",
        arguments: { receiver: { in: [SPONSOR.address, FRIEND.address] }, amount: { lt: "8" } },
      },
    ]);
  });

  test("bounds are raised to what is seen, each by itself and all together", () => {
    const sketch = { sponsored: sponsorPays({ fee: 9_000n }), user: [pays(), pays({ amt: 1n })] };
    const [count, fee, both] = propose(sketch, { maxFee: "3000", maxTransactions: 1 });
    expect([count?.maxTransactions, fee?.maxFee]).toEqual([2, "9000"]);
    expect(both).toMatchObject({ maxTransactions: 2, maxFee: "9000" });
  });

  test("the minimum balance is granted for the assets of this group, and for the account where it is needed", () => {
    const [asset1] = propose({ sponsored: sponsorGives(100_000n), user: [optsIn()] });
    expect(asset1).toMatchObject({ minimumBalance: { assets: [asset] }, maxRent: "100000" });
    expect(asset1?.minimumBalance).not.toHaveProperty("account");
    const [both] = propose({ sponsored: sponsorGives(200_000n), user: [optsIn()] });
    expect(both).toMatchObject({ minimumBalance: { account: true, assets: [asset] }, maxRent: "200000" });
  });
});

describe("nothing is proposed that misuses the sponsor or gives away what is the user's", () => {
  test.each<readonly [string, GroupSketch]>([
    ["the sponsor gives more than an opt-in takes", { sponsored: sponsorGives(300_000n), user: [optsIn()] }],
    ["the sponsor gives where nobody opts in", { sponsored: sponsorGives(100_000n), user: [pays()] }],
    ["the sponsor closes its balance", { sponsored: sponsorPays({ close: FRIEND.publicKey }), user: [pays()] }],
    ["the sponsor is named by the user", { user: [pays({ rcv: SPONSOR.publicKey })] }],
    ["a stranger pays", { sponsored: sponsorPays({ snd: STRANGER.publicKey }), user: [pays()] }],
    ["somebody else sends", { user: [pays(), pays({ snd: FRIEND.publicKey })] }],
    ["the account is rekeyed", { user: [pays({ rekey: FRIEND.publicKey })] }],
    ["the balance is closed", { user: [pays({ close: FRIEND.publicKey })] }],
    ["an application is deleted", { user: [calls({ apaa: [method], apan: 5n })] }],
    ["an application is made", { user: [calls({ apid: undefined, apap: method, apsu: method })] }],
    ["a lease keeps others away", { user: [pays({ lx: FRIEND.publicKey })] }],
    ["the user pays a fee", { user: [pays({ fee: 1_000n })] }],
  ])("%s", (_, sketch) => {
    expect(failing(groupInput(sketch, { allow: [] }))).not.toEqual([]);
    expect(propose(sketch, { allow: [] })).toEqual([]);
  });
});
