import { callApi, expectStatus } from "@gasless/localnet/api-client";
import { callPrepare } from "@gasless/localnet/algorand-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { optIn } from "../support/algorand.ts";
import { newKey } from "../support/algorand-attempts.ts";
import { optsIn, pays, SPARE, sponsorGives, sponsorPays } from "../support/algorand-groups.ts";
import type { AlgorandKey } from "../support/algorand-keys.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  createOpenProject,
  drawGroup,
  enter,
  explainBytes,
  openScene,
  postBytes,
  relayBytes,
} from "../support/algorand-scene.ts";
import { EMPTY_LEDGER, expectRefusal, ledgerOf } from "../support/visitor.ts";

const GIVES = { minimumBalance: { account: true, assets: true }, maxRent: "200000" } as const;
const LIMITS = [
  { subjectKind: "project", window: "day", unit: "relays", amount: 1n },
  { subjectKind: "user", window: "lifetime", unit: "rent", amount: 200_000n },
] as const;

let scene: AlgorandScene;
let asset: bigint;
beforeAll(async () => {
  scene = await openScene(({ localnet }) => {
    asset = localnet.chain.createAsset({ total: 1n, decimals: 0, unitName: "A", name: "A" });
  });
});
afterAll(() => scene.stack.close());

/** One wallet in two projects. */
async function enterTwo(key: AlgorandKey): Promise<readonly [AlgorandVisitor, AlgorandVisitor]> {
  const come = async () => enter(await createOpenProject(scene, GIVES, { limits: LIMITS }), key);
  return [await come(), await come()];
}

const optInOf = (key: AlgorandKey, note: string) =>
  drawGroup(scene, {
    sponsored: sponsorGives(200_000n, { rcv: key.publicKey }),
    user: [optsIn({ snd: key.publicKey, arcv: key.publicKey, xaid: asset, note: new TextEncoder().encode(note) })],
    signing: { 1: key },
  });

const get = <Body>({ target, token }: AlgorandVisitor, path: string) => callApi<Body>(target, "GET", path, { token });

interface Allowance {
  readonly limits: readonly { readonly unit: string; readonly used: string; readonly held: string }[];
}
async function spentOf(visitor: AlgorandVisitor): Promise<readonly string[]> {
  const answer = await get<Allowance>(visitor, `/v1/allowance?network=${visitor.target.network}`);
  return expectStatus(answer, 200).limits.map(({ unit, used, held }) => `${unit} ${BigInt(used) + BigInt(held)}`);
}

describe("of one wallet in two projects", () => {
  test("a relay, its allotments and its budgets are the one's alone", async () => {
    const key = newKey();
    const [here, there] = await enterTwo(key);
    expect(here.userId).not.toBe(there.userId);
    const untouched = await spentOf(there);
    const relay = await relayBytes(scene, here, optInOf(key, "here"));

    expectRefusal(await get(there, `/v1/relays/${relay.id}`), "relay.not_found");
    expectRefusal(await get(there, `/v1/relays/${relay.id}?wait=1`), "relay.not_found");
    const list = await get<{ data: unknown[] }>(there, "/v1/relays");
    expect(expectStatus(list, 200).data).toEqual([]);
    expect(await spentOf(there)).toEqual(untouched);
    expect(await spentOf(here)).not.toEqual(untouched);
    expect(await ledgerOf(scene.stack, there.target)).toEqual(EMPTY_LEDGER);
    const given = "select project_id, item from allotments where project_id = any($1) order by item";
    const { rows } = await scene.stack.database.query(given, [[here.target.projectId, there.target.projectId]]);
    const { projectId } = here.target;
    expect(rows).toEqual([
      { project_id: projectId, item: "account" },
      { project_id: projectId, item: `asset ${asset}` },
    ]);

    // The other's budget is whole: what it sponsors is its own.
    const other = newKey();
    const neighbour = await enter(there.target, other);
    await relayBytes(scene, neighbour, optInOf(other, "there"));
    expectRefusal(
      await postBytes(await enter(here.target, newKey()), optInOf(key, "x")),
      "transaction.signature_missing",
    );
    const again = drawGroup(scene, { user: [pays({ snd: key.publicKey, rcv: key.publicKey })], signing: { 1: key } });
    expectRefusal(await postBytes(here, again), "budget.project_exhausted");
  });

  test("the same group is sponsored by one, and the other is not told of it", async () => {
    const key = newKey();
    const [here, there] = await enterTwo(key);
    const group = optInOf(key, "shared");
    const { id } = await relayBytes(scene, here, group);
    const body = expectRefusal(await postBytes(there, group), "transaction.already_relayed");
    expect(JSON.stringify(body)).not.toContain("rly_");
    const { trace } = await explainBytes(there, group);
    expect(JSON.stringify(trace)).not.toContain(id);
  });

  test("a token opens nothing beside the other's key, from the other's page, or for the other's network", async () => {
    const [here, there] = await enterTwo(newKey());
    const foreignKey = { "gasless-key": there.target.publishableKey };
    const answer = await callApi(here.target, "GET", "/v1/relays", { token: here.token, headers: foreignKey });
    expectRefusal(answer, "project.key_invalid");
    const page = { ...here.target, origin: "https://other.example" };
    expectRefusal(
      await callPrepare(page, here.token, [optIn(scene.side, here.key.address, asset)]),
      "project.origin_not_allowed",
    );
    expectRefusal(
      await callApi(here.target, "GET", "/v1/allowance?network=algorand:testnet", { token: here.token }),
      "project.network_not_enabled",
    );
  });
});

test("a project does not spend another one's sponsor, though the deployment has its key", async () => {
  const key = newKey();
  const own = await enter(await createOpenProject(scene), key);
  const theirs = await enter(await createOpenProject(scene, {}, { sponsorAddress: SPARE.address }), key);
  scene.side.localnet.chain.fund(key.address, 1_000_000n);
  const bySpare = () =>
    drawGroup(scene, {
      sponsored: sponsorPays({ snd: SPARE.publicKey, rcv: SPARE.publicKey }),
      user: [pays({ snd: key.publicKey, rcv: key.publicKey })],
      signing: { 1: key },
    });
  expectRefusal(await postBytes(own, bySpare()), "transaction.wrong_fee_payer");
  expect((await explainBytes(own, bySpare())).verdict).toBe("refuse");
  expect(await relayBytes(scene, theirs, bySpare())).toMatchObject({ fee: { quoted: "2000" } });
});
