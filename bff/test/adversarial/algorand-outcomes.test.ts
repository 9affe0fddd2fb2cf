import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import {
  type GroupSketch,
  movesAsset,
  optsIn,
  pays,
  SPARE,
  sponsorGives,
  sponsorPays,
  STRANGER,
  USER,
} from "../support/algorand-groups.ts";
import {
  type AlgorandScene,
  createOpenProject,
  drawGroup,
  enter,
  enterNewProject,
  expectUntouched,
  explainBytes,
  land,
  lookBefore,
  openScene,
  postBytes,
  type Untouched,
} from "../support/algorand-scene.ts";
import { type AlgorandKey, algorandKey } from "../support/algorand-keys.ts";
import { EMPTY_LEDGER, expectRefusal } from "../support/visitor.ts";

const GIVES: Partial<AlgorandPolicy> = { minimumBalance: { account: true, assets: true }, maxRent: "200000" };
/** It was held while the node was asked, and let go. */
const LET_GO = { ...EMPTY_LEDGER, relays: { rejected: 1 }, keys: 1 };

const NEWCOMER = algorandKey("somebody who holds nothing");
const HALF = algorandKey("somebody who has what an account needs");
const REKEYED = algorandKey("somebody whose account has another key now");
const NEW_KEY = algorandKey("the other key");

let scene: AlgorandScene;
let asset: bigint;
let held: bigint;
beforeAll(async () => {
  scene = await openScene((side) => {
    const { chain } = side.localnet;
    asset = chain.createAsset({ total: 1_000n, decimals: 0, unitName: "A", name: "A" });
    held = chain.createAsset({ total: 1_000n, decimals: 0, unitName: "B", name: "B" });
    for (const { address } of [USER, REKEYED]) chain.fund(address, 10_000_000n);
    chain.fund(HALF.address, 100_000n);
    land(side, optsIn({ xaid: held }));
    land(side, pays({ snd: REKEYED.publicKey, rekey: NEW_KEY.publicKey }), REKEYED);
  });
});
afterAll(() => scene.stack.close());

let before: Untouched;
beforeEach(() => {
  before = lookBefore(scene);
});

interface Attack {
  readonly name: string;
  readonly code: ErrorCode;
  /** Of the second line of defence. */
  readonly rule: string;
  readonly sketch: () => GroupSketch;
  readonly by: AlgorandKey;
}

/** By somebody who signs every transaction. */
const attack = (name: string, code: ErrorCode, rule: string, draw: Attack["sketch"], by = USER): Attack => ({
  name,
  code,
  rule,
  sketch: () => ({ signing: { 1: by, 2: by }, ...draw() }),
  by,
});
const life = (fv: bigint, lv: bigint) => () => ({ sponsored: sponsorPays({ fv, lv }), user: [pays({ fv, lv })] });
const named = (gen: string) => () => ({ sponsored: sponsorPays({ gen }), user: [pays({ gen })] });
const by = ({ publicKey: snd }: AlgorandKey) => ({ snd, arcv: snd });
const gives = (amount: bigint, to: AlgorandKey) => sponsorGives(amount, { rcv: to.publicKey });

const NEEDED = "fee-is-what-the-group-needs";
const LACKING = "minimum-balance-is-lacking";
const SUCCEEDS = "simulation-succeeds";
const CURRENT_KEYS = "signatures-are-by-current-keys";
const TIMELY = "group-is-valid-now";

const ATTACKS: readonly Attack[] = [
  ...[2_001n, 3_000n, 16_000n].map((fee) =>
    attack(`a fee of ${fee} for what needs 2000`, "policy.fee_exceeded", NEEDED, () => ({
      sponsored: sponsorPays({ fee }),
      user: [pays()],
    })),
  ),
  attack("a fee that is too low to land", "transaction.simulation_failed", SUCCEEDS, () => ({
    sponsored: sponsorPays({ fee: 1_999n }),
    user: [pays()],
  })),
  attack("rounds that are over", "transaction.expired", TIMELY, life(980n, 1_000n)),
  attack("rounds that were over long ago", "transaction.expired", TIMELY, life(1n, 21n)),
  attack("rounds that begin too late", "transaction.expired", TIMELY, life(1_100n, 1_120n)),
  attack("rounds that nobody lives to see", "transaction.expired", TIMELY, life(2n ** 63n, 2n ** 63n + 20n)),
  attack("a network of another name with our hash", "transaction.simulation_failed", SUCCEEDS, named("mainnet-v1.0")),
  attack("a gift to somebody who lacks nothing", "policy.rent_not_sponsored", LACKING, () => ({
    sponsored: gives(100_000n, USER),
    user: [optsIn({ xaid: asset })],
  })),
  attack("a gift for an asset that the user holds already", "policy.rent_not_sponsored", LACKING, () => ({
    sponsored: gives(100_000n, USER),
    user: [optsIn({ xaid: held })],
  })),
  attack(
    "a gift of a microalgo more than is lacking",
    "policy.rent_not_sponsored",
    LACKING,
    () => ({ sponsored: gives(100_001n, HALF), user: [optsIn({ ...by(HALF), xaid: asset })] }),
    HALF,
  ),
  attack(
    "a gift of the account's balance to an account that has it",
    "policy.rent_not_sponsored",
    LACKING,
    () => ({ sponsored: gives(200_000n, HALF), user: [optsIn({ ...by(HALF), xaid: asset })] }),
    HALF,
  ),
  attack(
    "a gift that is too small to land",
    "transaction.simulation_failed",
    SUCCEEDS,
    () => ({ sponsored: gives(199_999n, NEWCOMER), user: [optsIn({ ...by(NEWCOMER), xaid: asset })] }),
    NEWCOMER,
  ),
  attack(
    "a gift that is paid on to a friend before the opt-in",
    "transaction.simulation_failed",
    SUCCEEDS,
    () => ({
      sponsored: gives(200_000n, NEWCOMER),
      user: [pays({ snd: NEWCOMER.publicKey, amt: 100_000n }), optsIn({ ...by(NEWCOMER), xaid: asset })],
    }),
    NEWCOMER,
  ),
  attack("a gift for an asset that does not exist", "transaction.simulation_failed", SUCCEEDS, () => ({
    sponsored: sponsorPays(),
    user: [optsIn({ xaid: 9_999_999n })],
  })),
  attack("a payment of more than the user has", "transaction.simulation_failed", SUCCEEDS, () => ({
    user: [pays({ amt: 2n ** 63n })],
  })),
  attack("an asset that the user does not hold", "transaction.simulation_failed", SUCCEEDS, () => ({
    user: [movesAsset({ xaid: asset })],
  })),
  attack(
    "the old key of an account that has been rekeyed",
    "transaction.signature_invalid",
    CURRENT_KEYS,
    () => ({ user: [pays({ snd: REKEYED.publicKey })], signing: { 1: REKEYED } }),
    { ...REKEYED, sign: NEW_KEY.sign },
  ),
  attack("a stranger's key that says it is the account's", "transaction.signature_invalid", CURRENT_KEYS, () => ({
    user: [pays()],
    signing: { 1: STRANGER },
  })),
];

describe("what the bytes may say and the chain would not do is refused by the node's answer, and lets go what was held", () => {
  test.each(ATTACKS)("$name", async ({ code, rule, sketch, by }) => {
    const visitor = await enterNewProject(scene, GIVES, by);
    const group = drawGroup(scene, sketch());
    expectRefusal(await postBytes(visitor, group), code);
    const { verdict, trace } = await explainBytes(visitor, group);
    expect(verdict).toBe("refuse");
    expect(trace).toContainEqual(expect.objectContaining({ rule, verdict: "fail" }));
    await expectUntouched(scene, visitor, before, LET_GO);
  });
});

test("what was asked of the sponsor and refused is still the user's to be given, once", async () => {
  const visitor = await enterNewProject(scene, GIVES, HALF);
  const groupOf = (amount: bigint, note: string) =>
    drawGroup(scene, {
      sponsored: gives(amount, HALF),
      user: [optsIn({ ...by(HALF), xaid: asset, note: new TextEncoder().encode(note) })],
      signing: { 1: HALF },
    });
  expectRefusal(await postBytes(visitor, groupOf(100_001n, "first")), "policy.rent_not_sponsored");
  const given = await postBytes(visitor, groupOf(100_000n, "second"));
  expect(given).toMatchObject({ status: 202, body: { rent: { quoted: "100000" } } });
  expectRefusal(await postBytes(visitor, groupOf(100_000n, "third")), "policy.rent_not_sponsored");
});

test("a sponsor whose account another key has taken over signs nothing, and its users are told to come back", async () => {
  const visitor = await enter(await createOpenProject(scene, {}, { sponsorAddress: SPARE.address }));
  land(scene.side, pays({ snd: SPARE.publicKey, rekey: STRANGER.publicKey }), SPARE);
  before = lookBefore(scene);
  const pool = { snd: SPARE.publicKey, rcv: SPARE.publicKey };
  const group = drawGroup(scene, { sponsored: sponsorPays(pool), user: [pays()] });
  const { retryAfterSeconds } = expectRefusal(await postBytes(visitor, group), "sponsor.unavailable");
  expect(retryAfterSeconds).toBeGreaterThan(0);
  await expectUntouched(scene, visitor, before);
});
