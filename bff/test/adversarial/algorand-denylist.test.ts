import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  OPEN_POLICY,
  calls,
  FRIEND,
  type GroupSketch,
  movesAsset,
  optsOut,
  pays,
  STRANGER,
  USER,
} from "../support/algorand-groups.ts";
import { type AlgorandKey, algorandKey } from "../support/algorand-keys.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  createOpenProject,
  drawGroup,
  enter,
  expectUntouched,
  explainBytes,
  land,
  linkKey,
  lookBefore,
  openScene,
  postBytes,
  relayBytes,
} from "../support/algorand-scene.ts";
import { EMPTY_LEDGER, expectRefusal } from "../support/visitor.ts";

const REKEYED = algorandKey("somebody whose account has another key now");
const NEW_KEY = algorandKey("the other key");
/** Whatever a group may say where a policy has turned every switch on. */
const WIDE = {
  allow: OPEN_POLICY.allow.map((entry) => ({
    ...entry,
    anySender: true,
    allowRekey: true,
    ...((entry.transaction === "payment" || entry.transaction === "asset-transfer") && { allowClose: true }),
  })),
};

let scene: AlgorandScene;
beforeAll(async () => {
  scene = await openScene((side) => {
    for (const { address } of [USER, FRIEND, REKEYED]) side.localnet.chain.fund(address, 10_000_000n);
    land(side, pays({ snd: REKEYED.publicKey, rekey: NEW_KEY.publicKey }), REKEYED);
  });
});
afterAll(() => scene.stack.close());

const deny = ({ target }: AlgorandVisitor, { address }: AlgorandKey) =>
  scene.stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
    target.projectId,
    target.network,
    address,
  ]);

const GO = Uint8Array.from([0x2c, 0x7e, 0x08, 0x20]);
const key = FRIEND.publicKey;
const by = STRANGER;

describe("an account that a project has denied is refused wherever a group names it", () => {
  test.each<[string, GroupSketch]>([
    ["as a receiver", { user: [pays({ rcv: key, amt: 1n })] }],
    ["as a receiver of nothing, in the last transaction", { user: [pays({ rcv: by.publicKey }), pays({ rcv: key })] }],
    ["as whom an account is closed to", { user: [pays({ rcv: by.publicKey, close: key })] }],
    ["as whom an account is rekeyed to", { user: [pays({ rcv: by.publicKey, rekey: key })] }],
    ["as a receiver of an asset", { user: [movesAsset({ arcv: key })] }],
    ["as whom an asset is closed to", { user: [optsOut({ arcv: by.publicKey, aclose: key })] }],
    ["as another sender", { user: [pays({ rcv: by.publicKey }), pays({ snd: key, rcv: by.publicKey })] }],
    ["as whose key has signed", { user: [pays({ rcv: by.publicKey })], signing: { 1: FRIEND } }],
    ["among the accounts of a call", { user: [calls({ apat: [key] })] }],
    ["in the access list of a call", { user: [calls({ al: [{ d: key }] })] }],
    ["as an argument of a call", { user: [calls({ apaa: [GO, key] })] }],
  ])("%s", async (_, sketch) => {
    const visitor = await enter(await createOpenProject(scene, WIDE));
    await deny(visitor, FRIEND);
    const group = drawGroup(scene, sketch);
    const before = lookBefore(scene);
    expectRefusal(await postBytes(visitor, group), "policy.account_denied");
    const { verdict, trace } = await explainBytes(visitor, group);
    expect(verdict).toBe("refuse");
    expect(trace).toContainEqual(
      expect.objectContaining({ rule: "accounts-are-not-denied", verdict: "fail", observed: FRIEND.address }),
    );
    await expectUntouched(scene, visitor, before);
  });

  test("as the session's own wallet, behind a linked one that signs", async () => {
    const visitor = await enter(await createOpenProject(scene, WIDE), STRANGER);
    await linkKey(visitor.target, visitor.token, USER);
    const groupOf = (amt: bigint) => drawGroup(scene, { user: [pays({ amt })] });
    await relayBytes(scene, visitor, groupOf(1n));
    await deny(visitor, STRANGER);
    expectRefusal(await postBytes(visitor, groupOf(2n)), "policy.account_denied");
  });

  test("as the key that signs for a rekeyed account, though the account itself is not denied", async () => {
    const visitor = await enter(await createOpenProject(scene, WIDE), { ...REKEYED, sign: NEW_KEY.sign });
    await deny(visitor, NEW_KEY);
    const before = lookBefore(scene);
    const user = [pays({ snd: REKEYED.publicKey })];
    expectRefusal(
      await postBytes(visitor, drawGroup(scene, { user, signing: { 1: NEW_KEY } })),
      "policy.account_denied",
    );
    await expectUntouched(scene, visitor, before, EMPTY_LEDGER);
  });
});
