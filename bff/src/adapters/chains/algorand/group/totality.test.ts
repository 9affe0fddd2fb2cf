import * as algosdk from "algosdk";
import { expect, test } from "vitest";
import { FUZZ_SEED } from "../../../../../test/fuzz/settings.ts";
import { createRandom, type Random } from "../../../../../test/simulation/random.ts";
import {
  ASSET,
  calls,
  FRIEND,
  groupInput,
  type GroupSketch,
  movesAsset,
  OPEN_POLICY,
  optsIn,
  optsOut,
  pays,
  SPARE,
  SPONSOR,
  sponsorGives,
  sponsorPays,
  STRANGER,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import { traceRules } from "../../../../domain/policy/trace.ts";
import { evaluateGroupForm, evaluateGroupPolicy, GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./evaluate.ts";
import { grantedItems } from "./granted-items.ts";
import { keysOfGroup } from "./keys.ts";
import type { TransactionFields } from "./compose-group.ts";

const RUNS = 600;
const MAX_FEE = 16_000n;
const MAX_RENT = 200_000n;
const POLICY = {
  allow: OPEN_POLICY.allow.map((entry) => ({ ...entry, anySender: true })),
  minimumBalance: { account: true, assets: [ASSET.toString()] },
  maxFee: MAX_FEE.toString(),
  maxRent: MAX_RENT.toString(),
};

const KEYS = [SPONSOR, SPARE, USER, FRIEND, STRANGER].map(({ publicKey }) => publicKey);
const AMOUNTS = [undefined, 1n, 1_000n, 100_000n, 200_000n, 200_001n, 2n ** 64n - 1n];

/** What somebody may try with any transaction. */
function drawChange(random: Random): TransactionFields {
  const key = random.pick(KEYS);
  return random.pick<TransactionFields>([
    { amt: random.pick(AMOUNTS) },
    { fee: random.pick(AMOUNTS) },
    { rcv: key },
    { arcv: key },
    { close: key },
    { rekey: key },
    { snd: key },
    { lx: key },
    { note: key },
    { xaid: random.pick([ASSET, 5n]) },
    { gh: key },
    { lv: random.pick([1_010n, 1_020n, 1_021n]) },
  ]);
}

/** Only what its kind has: else it is no transaction at all, which is another test's. */
function fits(fields: TransactionFields, change: TransactionFields): boolean {
  const of: Readonly<Record<string, string>> = { amt: "pay", rcv: "pay", close: "pay", arcv: "axfer", xaid: "axfer" };
  return Object.keys(change).every((name) => (of[name] ?? fields["type"]) === fields["type"]);
}

function vary(random: Random, fields: TransactionFields): TransactionFields {
  const change = drawChange(random);
  return random.chance(0.25) && fits(fields, change) ? { ...fields, ...change } : fields;
}

function drawSketch(random: Random): GroupSketch {
  const sponsored = random.pick([sponsorPays(), sponsorGives(100_000n), sponsorGives(random.pick(AMOUNTS) ?? 1n)]);
  const kinds = [pays, movesAsset, optsIn, optsIn, optsOut, calls];
  const user = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    vary(random, random.pick(kinds)({ note: new Uint8Array([index + 1]) })),
  );
  return { sponsored: vary(random, sponsored), user };
}

test("whatever is accepted takes from the sponsor no more than its quote, and nothing by another transaction", () => {
  const random = createRandom(FUZZ_SEED + 3);
  const pool = new Set([SPONSOR.address, SPARE.address]);
  let accepted = 0;
  let given = 0;
  for (let run = 0; run < RUNS; run++) {
    const input = groupInput(drawSketch(random), POLICY);
    traceRules([...GROUP_FORM_RULES, ...GROUP_POLICY_RULES], input);
    if (evaluateGroupForm(input) ?? evaluateGroupPolicy(input)) continue;
    accepted += 1;
    const { group, cost } = input;
    const [sponsored, ...others] = group.entries.map(({ bytes }) => algosdk.decodeUnsignedTransaction(bytes));
    const { payment, sender, fee, rekeyTo } = sponsored ?? {};
    const loss = (fee ?? 0n) + (payment?.receiver.toString() === SPONSOR.address ? 0n : (payment?.amount ?? 0n));
    const at = `${FUZZ_SEED}, run ${run}`;
    expect(loss, at).toBe(cost.fee + cost.rent);
    expect(cost.fee <= MAX_FEE && cost.rent <= MAX_RENT, at).toBe(true);
    expect([sender?.toString(), payment?.closeRemainderTo, rekeyTo], at).toEqual([
      SPONSOR.address,
      undefined,
      undefined,
    ]);
    expect(
      others.some((other) => pool.has(other.sender.toString())),
      at,
    ).toBe(false);
    expect(
      keysOfGroup(group, input.policy).filter((key) => pool.has(key)),
      at,
    ).toEqual([SPONSOR.address]);
    if (cost.rent > 0n) {
      given += 1;
      const items = grantedItems(group, input.policy, payment?.receiver.toString() ?? "", cost.rent);
      expect(items.length, at).toBe(Number((cost.rent + 99_999n) / 100_000n));
    }
  }
  // A test that refuses all would prove nothing.
  expect(accepted).toBeGreaterThan(RUNS / 10);
  expect(given).toBeGreaterThan(10);
});
