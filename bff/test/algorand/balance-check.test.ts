import { randomBytes } from "node:crypto";
import { minBalanceOf, readAccount } from "@gasless/localnet/algorand/ledger-state";
import { type AlgorandLocalnet, startAlgorandLocalnet } from "@gasless/localnet/algorand/server";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAlgorandChain } from "../../src/adapters/chains/algorand/chain.ts";
import type { TransactionFields } from "../../src/adapters/chains/algorand/group/compose-group.ts";
import { compileAlgorandPolicy } from "../../src/adapters/chains/algorand/policy/compile.ts";
import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import type { SponsoredTransaction, TransactionScene } from "../../src/domain/chain-transaction.ts";
import type { ChainPort } from "../../src/ports.ts";
import { FUZZ_SEED } from "../fuzz/settings.ts";
import {
  calls,
  type GroupSketch,
  movesAsset,
  OPEN_POLICY,
  optsIn,
  optsOut,
  pays,
  SPARE,
  SPONSOR,
  sponsorPays,
  STRANGER,
} from "../support/algorand-groups.ts";
import { type AlgorandKey, algorandKey } from "../support/algorand-keys.ts";
import { drawGroup, land } from "../support/algorand-scene.ts";

const CASES = 800;
/** Whatever machine it runs on. */
const MOST_MS = 30_000;
const FEE = 1_000n;

let localnet: AlgorandLocalnet;
let chain: ChainPort;
let assets: readonly bigint[];
beforeAll(async () => {
  localnet = await startAlgorandLocalnet({ roundMs: 0 });
  for (const { address } of [SPONSOR, SPARE, STRANGER]) localnet.chain.fund(address, 1_000_000_000n);
  assets = ["A", "B"].map((name) =>
    localnet.chain.createAsset({ total: 10n ** 12n, decimals: 0, unitName: name, name }),
  );
  chain = createAlgorandChain({
    network: "algorand:localnet",
    genesisHash: localnet.genesisHash,
    providers: [{ name: "node", url: localnet.url, weight: 1 }],
    nowMs: () => Date.now(),
    randomUnit: () => 0,
    metrics: { count: () => undefined, set: () => undefined },
  });
});
afterAll(() => localnet.close());

type Who = "user" | "friend" | "stranger" | "sponsor" | "spare";
type Cast = Readonly<Record<Who, AlgorandKey>>;
const who = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Who>("user") },
  { weight: 12, arbitrary: fc.constant<Who>("friend") },
  { weight: 1, arbitrary: fc.constantFrom<Who>("stranger", "sponsor", "spare") },
);
const sender = fc.oneof({ weight: 16, arbitrary: fc.constant<Who>("user") }, { weight: 1, arbitrary: who });
const amount = fc.constantFrom(0n, 0n, 0n, 1n, 1_000n, 100_000n, 2n ** 63n);

/** Mostly what could pass, so that much is accepted; the rest is whatever an attacker would mix in. */
const transaction = fc.record({
  kind: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom("pay", "pay", "pay", "move", "opt in", "opt in", "opt in", "opt out") },
    { weight: 1, arbitrary: fc.constant("call") },
  ),
  sender,
  receiver: who,
  amount,
  /** The third does not exist. */
  asset: fc.oneof({ weight: 20, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  twist: fc.oneof(
    { weight: 30, arbitrary: fc.constant("none") },
    { weight: 5, arbitrary: fc.constantFrom("rekey", "close", "fee", "lease", "clawback", "genesis", "rounds") },
  ),
  signedBy: fc.oneof({ weight: 50, arbitrary: fc.constant("current") }, { weight: 1, arbitrary: who }),
});
type Drawn = typeof transaction extends fc.Arbitrary<infer Value> ? Value : never;

const group = fc.record({
  user: fc.array(transaction, { minLength: 1, maxLength: 3 }),
  fee: fc.oneof(
    { weight: 16, arbitrary: fc.constant(0n) },
    { weight: 2, arbitrary: fc.constantFrom(-1n, 1n, 14_000n, 2n ** 40n) },
  ),
  gift: fc.oneof(
    { weight: 12, arbitrary: fc.constant("what is lacking") },
    { weight: 3, arbitrary: fc.constantFrom("nothing", "1", "100000", "200000", "a microalgo more") },
  ),
  to: fc.oneof({ weight: 12, arbitrary: fc.constant<Who>("user") }, { weight: 1, arbitrary: who }),
  twist: fc.oneof(
    { weight: 40, arbitrary: fc.constant("none") },
    { weight: 1, arbitrary: fc.constantFrom("rekey", "close", "note", "lease", "kind") },
  ),
});

const switched = fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
const policy = fc.record({
  anySender: switched,
  allowClose: switched,
  allowRekey: switched,
  isLinked: fc.boolean(),
  account: switched,
  grants: fc.constantFrom("any", "any", "the first", "none"),
  maxFee: fc.constantFrom("2000", "5000", "16000", "16000"),
  maxRent: fc.constantFrom("0", "100000", "200000", "200000"),
});
const scenario = fc.record({
  policy,
  groups: fc.array(group, { minLength: 1, maxLength: 3 }),
  funds: fc.constantFrom(0n, 100_000n, 150_000n, 200_000n, 5_000_000n, 5_000_000n),
  holds: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

const stateOf = (address: string) => readAccount(localnet.chain.state, address);

/** What the account needs beside what it has, for the assets that it opts in to. */
function lackingOf({ address, publicKey }: AlgorandKey, user: readonly TransactionFields[]): bigint {
  const account = stateOf(address);
  const wanted = user.flatMap(({ type, snd, arcv, aamt, xaid }) =>
    type === "axfer" && aamt === undefined && snd === publicKey && arcv === publicKey ? [xaid as bigint] : [],
  );
  const added = new Set(wanted.filter((asset) => !account.holdings.has(asset)));
  const needed = minBalanceOf(account) + 100_000n * BigInt(added.size);
  return needed > account.microAlgos ? needed - account.microAlgos : 0n;
}

const FIELDS: Readonly<Record<string, (cast: Cast, drawn: Drawn) => TransactionFields>> = {
  rekey: (cast, { receiver }) => ({ rekey: cast[receiver].publicKey }),
  close: (cast, { receiver, kind }) => ({ [kind === "pay" ? "close" : "aclose"]: cast[receiver].publicKey }),
  fee: () => ({ fee: FEE }),
  lease: (cast) => ({ lx: cast.user.publicKey }),
  clawback: (cast, { receiver }) => ({ asnd: cast[receiver].publicKey }),
  genesis: (cast) => ({ gh: cast.user.publicKey }),
  rounds: () => ({ lv: 1_019n }),
};

function write(cast: Cast, drawn: Drawn, number: number): TransactionFields {
  const snd = cast[drawn.sender].publicKey;
  const to = cast[drawn.receiver].publicKey;
  const xaid = [...assets, 9_999_999n][drawn.asset];
  const common = { snd, note: Uint8Array.of(1 + number), ...FIELDS[drawn.twist]?.(cast, drawn) };
  const amt = drawn.amount === 0n ? undefined : drawn.amount;
  if (drawn.kind === "pay") return pays({ rcv: to, amt, ...common });
  if (drawn.kind === "move") return movesAsset({ xaid, arcv: to, aamt: amt, ...common });
  if (drawn.kind === "opt in") return optsIn({ xaid, arcv: snd, ...common });
  if (drawn.kind === "opt out") return optsOut({ xaid, arcv: to, aclose: to, ...common });
  return calls(common);
}

const TWISTS: Readonly<Record<string, (cast: Cast) => TransactionFields>> = {
  rekey: ({ user }) => ({ rekey: user.publicKey }),
  close: ({ user }) => ({ close: user.publicKey }),
  note: () => ({ note: Uint8Array.of(1) }),
  lease: ({ user }) => ({ lx: user.publicKey }),
  kind: () => ({ type: "keyreg" }),
};

function sketch(
  cast: Cast,
  { user: drawn, fee, gift, to, twist }: Scenario["groups"][number],
  number: number,
): GroupSketch {
  const user = drawn.map((one, index) => write(cast, one, 16 * number + index));
  const lacking = lackingOf(cast[to], user);
  const amt =
    gift === "what is lacking"
      ? lacking
      : gift === "a microalgo more"
        ? lacking + 1n
        : gift === "nothing"
          ? 0n
          : BigInt(gift);
  const given = amt === 0n ? {} : { amt, rcv: cast[to].publicKey };
  const current = (key: AlgorandKey) =>
    Object.values(cast).find(({ address }) => address === (stateOf(key.address).authAddress ?? key.address)) ?? key;
  const signing = drawn.map(({ sender, signedBy }, index) => [
    index + 1,
    signedBy === "current" ? current(cast[sender]) : cast[signedBy as Who],
  ]);
  return {
    sponsored: sponsorPays({ fee: FEE * BigInt(user.length + 1) + fee, ...given, ...TWISTS[twist]?.(cast) }),
    user,
    signing: Object.fromEntries(signing) as NonNullable<GroupSketch["signing"]>,
  };
}

function writePolicy({
  anySender,
  allowClose,
  allowRekey,
  account,
  grants,
  maxFee,
  maxRent,
}: Scenario["policy"]): AlgorandPolicy {
  const allow = OPEN_POLICY.allow.map((entry) => ({
    ...entry,
    anySender,
    allowRekey,
    ...((entry.transaction === "payment" || entry.transaction === "asset-transfer") && { allowClose }),
  }));
  const which = grants === "any" ? true : [String(assets[0])];
  return { allow, maxFee, maxRent, ...(grants !== "none" && { minimumBalance: { account, assets: which } }) };
}

interface Accepted {
  readonly sponsored: SponsoredTransaction;
  readonly cost: { readonly fee: bigint; readonly rent: bigint };
}

/** Both lines of defence, in the order of the service; the sponsor signs what passes them. */
async function decide(
  scene: TransactionScene,
  linked: readonly string[],
  parts: readonly Uint8Array[],
): Promise<Accepted | string> {
  const decoded = chain.read(parts, scene);
  if (!decoded.ok) return decoded.reason.code;
  const read = decoded.value.isSignedByUser ? decoded.value : decoded.value.withLinkedWallets(linked);
  const refusal = await read.judge();
  if (refusal) return refusal.code;
  const simulated = await read.simulate();
  if (!simulated.ok) return simulated.reason.code;
  const failing = simulated.value.judge(5_000_000n);
  if (failing) return failing.code;
  return { sponsored: read.attachSignature(SPONSOR.sign(read.sponsorMessage)), cost: read.cost };
}

const total = (accepted: readonly Accepted[]): bigint =>
  accepted.reduce((sum, { cost }) => sum + cost.fee + cost.rent, 0n);
const counts = { groups: 0, accepted: 0, landed: 0, given: 0, codes: new Set<string>() };

async function play({ policy: drawn, groups, funds, holds }: Scenario): Promise<void> {
  const [user, friend] = [algorandKey(Uint8Array.from(randomBytes(32))), algorandKey(Uint8Array.from(randomBytes(32)))];
  const cast: Cast = { user, friend, stranger: STRANGER, sponsor: SPONSOR, spare: SPARE };
  if (funds > 0n) localnet.chain.fund(user.address, funds);
  localnet.chain.fund(friend.address, 5_000_000n);
  if (holds && funds > 200_000n) {
    land({ localnet }, optsIn({ snd: user.publicKey, arcv: user.publicKey, xaid: assets[0] }), user);
    localnet.chain.giveAsset(assets[0] ?? 0n, user.address, 200_000n);
  }
  const scene: TransactionScene = {
    policy: compileAlgorandPolicy(writePolicy(drawn)),
    sponsorPool: [SPONSOR, SPARE].map(({ address }) => ({ address, state: "active" })),
    acceptedSponsors: [SPONSOR.address],
    sessionAddress: user.address,
  };
  const linked = drawn.isLinked ? [friend.address] : [];
  const accepted = new Map<string, Accepted>();
  // All of them are decided before any lands: one may take away what another needs.
  for (const [number, one] of groups.entries()) {
    const decided = await decide(scene, linked, drawGroup({ side: { localnet } }, sketch(cast, one, number)));
    counts.groups += 1;
    if (typeof decided === "string") counts.codes.add(decided);
    else accepted.set(decided.sponsored.transactionId, decided);
  }
  const before = [SPONSOR, SPARE].map(({ address }) => stateOf(address));
  for (const { sponsored } of accepted.values()) await chain.send(sponsored.wire).catch(() => undefined);
  localnet.chain.tick();
  const after = [SPONSOR, SPARE].map(({ address }) => stateOf(address));
  const landed = [...accepted].flatMap(([id, one]) => (localnet.chain.find(id)?.landed ? [one] : []));

  const lost = (before[0]?.microAlgos ?? 0n) - (after[0]?.microAlgos ?? 0n);
  expect(lost).toBe(total(landed));
  expect(lost).toBeLessThanOrEqual(total([...accepted.values()]));
  expect(after).toEqual([{ ...before[0], microAlgos: after[0]?.microAlgos }, before[1]]);
  if (accepted.size === 1) expect(landed).toHaveLength(1);
  counts.accepted += accepted.size;
  counts.landed += landed.length;
  counts.given += landed.filter(({ cost }) => cost.rent > 0n).length;
}

test(
  "whatever is accepted costs the sponsor its quote when it lands and nothing when it does not, and leaves its account and its pool as they are",
  async () => {
    await fc.assert(fc.asyncProperty(scenario, play), {
      seed: FUZZ_SEED,
      numRuns: CASES,
      interruptAfterTimeLimit: MOST_MS,
    });
    const context = JSON.stringify({ ...counts, codes: [...counts.codes] });
    expect(counts.accepted, context).toBeGreaterThan(counts.groups / 8);
    expect(counts.accepted, context).toBeLessThan(counts.groups);
    expect(counts.landed, context).toBeGreaterThan(counts.accepted / 2);
    expect(counts.given, context).toBeGreaterThan(5);
    expect(counts.codes.size, context).toBeGreaterThan(7);
  },
  2 * MOST_MS,
);
