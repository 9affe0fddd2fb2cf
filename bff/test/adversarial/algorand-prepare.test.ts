import { callApi, toBase64 } from "@gasless/localnet/api-client";
import type { PreparedGroup } from "@gasless/localnet/algorand-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import type { TransactionFields } from "../../src/adapters/chains/algorand/group/compose-group.ts";
import { decodeMsgpackMaps, encodeMsgpack } from "../../src/adapters/chains/algorand/msgpack.ts";
import {
  calls,
  FRIEND,
  movesAsset,
  optsIn,
  pays,
  SPARE,
  SPONSOR,
  sponsorPays,
  STRANGER,
  USER,
} from "../support/algorand-groups.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  enter,
  enterNewProject,
  expectUntouched,
  lookBefore,
  openScene,
  postTexts,
  SIMULATE,
  type Untouched,
  writeAlone,
} from "../support/algorand-scene.ts";
import { BOMBS, TRANSACTION_SPELLINGS } from "../support/algorand-spellings.ts";
import { expectRefusal } from "../support/visitor.ts";

let scene: AlgorandScene;
let visitor: AlgorandVisitor;
let before: Untouched;
beforeAll(async () => {
  scene = await openScene(({ localnet }) => {
    localnet.chain.fund(USER.address, 10_000_000n);
    localnet.chain.fund(FRIEND.address, 100_000n);
  });
  visitor = await enterNewProject(scene);
});
afterAll(() => scene.stack.close());
beforeEach(() => {
  before = lookBefore(scene);
});
/** Asking holds nothing, gives nothing and sends nothing. */
afterEach(() => expectUntouched(scene, visitor, before));

const ask = (transactions: readonly unknown[], { target, token }: AlgorandVisitor = visitor) =>
  callApi<PreparedGroup>(target, "POST", "/v1/relays/prepare", {
    token,
    body: { network: target.network, transactions },
  });
const askBytes = (parts: readonly Uint8Array[], asker?: AlgorandVisitor) => ask(parts.map(toBase64), asker);
const codeOf = (body: object): unknown => ("code" in body ? body.code : undefined);

const GO = Uint8Array.from([0x2c, 0x7e, 0x08, 0x20]);
const other = new Uint8Array(32).fill(7);
const MISUSED = "policy.fee_payer_misused";
const DENIED = "policy.argument_not_allowed";
const NOT_ALLOWED = "policy.instruction_not_allowed";

const REFUSED: readonly (readonly [name: string, code: ErrorCode, transactions: readonly TransactionFields[]])[] = [
  ["of a stranger's alone", "transaction.signature_missing", [pays({ snd: STRANGER.publicKey })]],
  ["of a stranger's behind the user's", DENIED, [pays(), pays({ snd: STRANGER.publicKey })]],
  ["of the sponsor's", MISUSED, [pays(), sponsorPays()]],
  ["of another sponsor's", MISUSED, [pays(), pays({ snd: SPARE.publicKey })]],
  ["that pays the sponsor", MISUSED, [pays({ rcv: SPONSOR.publicKey })]],
  ["that names the sponsor in an argument", MISUSED, [calls({ apaa: [GO, SPONSOR.publicKey] })]],
  ["with a lease", DENIED, [pays({ lx: other })]],
  ["that rekeys the user", DENIED, [pays({ rekey: other })]],
  ["that closes the user's account", DENIED, [pays({ close: other })]],
  ["that claws back", DENIED, [movesAsset({ asnd: other })]],
  ["of a kind that is never sponsored", NOT_ALLOWED, [{ type: "keyreg", snd: USER.publicKey, nonpart: true }]],
  ["that makes an application", NOT_ALLOWED, [calls({ apid: undefined })]],
  ["that calls another application", "policy.program_not_allowed", [calls({ apid: 5n })]],
  ["of more than the policy takes", "policy.fee_exceeded", Array.from({ length: 5 }, () => pays())],
  ["that would fail", "transaction.simulation_failed", [calls({ apaa: [GO] })]],
];

describe("a wish that would be refused later is refused before anybody signs", () => {
  test.each(REFUSED)("%s", async (_, code, transactions) => {
    expectRefusal(await askBytes(transactions.map((fields) => writeAlone(scene, fields))), code);
    expect(scene.side.localnet.faults.calls(SIMULATE)).toBe(code === "transaction.simulation_failed" ? 1 : 0);
  });

  test("of who lacks the minimum balance for it, where the project does not give that", async () => {
    const poor = await enter(visitor.target, FRIEND);
    const wish = optsIn({ snd: FRIEND.publicKey, arcv: FRIEND.publicKey, xaid: 5n });
    const { context } = expectRefusal(await askBytes([writeAlone(scene, wish)], poor), "policy.rent_not_sponsored");
    expect(context).toMatchObject({ lacking: "100000" });
  });

  test.each(TRANSACTION_SPELLINGS)("in another spelling: %s", async (_, spell) => {
    const read = decodeMsgpackMaps(writeAlone(scene, pays({ amt: 5n })));
    if (!read.ok || !read.value[0]) throw new Error("it is no map");
    // A kind that is written otherwise is another kind, which nobody sponsors.
    const { status, body } = await askBytes([spell(read.value[0].value)]);
    expect(`${status} ${String(codeOf(body))}`).toMatch(
      /^(?:422 transaction\.malformed|403 policy\.instruction_not_allowed)$/,
    );
  });

  test.each(BOMBS)("that is no transaction: %s", async (_, bytes) => {
    const { status, body } = await askBytes([bytes]);
    expect(`${status} ${String(codeOf(body))}`).toMatch(/^422 transaction\.(?:malformed|too_large)$/);
  });

  test("that is signed already, is two in one part, or is none or too many", async () => {
    const plain = writeAlone(scene, pays());
    const read = decodeMsgpackMaps(plain);
    const txn = read.ok ? (read.value[0]?.value ?? {}) : {};
    expectRefusal(await askBytes([encodeMsgpack({ sig: new Uint8Array(64).fill(1), txn })]), "transaction.malformed");
    expectRefusal(await askBytes([encodeMsgpack({ msig: { v: 1n }, txn })]), "transaction.malformed");
    expectRefusal(await askBytes([Uint8Array.from([...plain, ...plain])]), "transaction.malformed");
    expectRefusal(await ask([]), "request.invalid");
    expectRefusal(await ask(Array.from({ length: 16 }, () => toBase64(plain))), "request.invalid");
    expectRefusal(await ask([7]), "request.invalid");
  });
});

describe("what is prepared", () => {
  test("has our fee, life, network and group, whatever stood in the wish", async () => {
    const wish = pays({ fee: 5_000_000n, fv: 1n, lv: 2n ** 62n, gh: other, gen: "mainnet-v1.0", grp: other });
    const { status, body } = await askBytes([writeAlone(scene, wish)]);
    expect(status).toBe(200);
    const { genesisHash, genesisId, chain } = scene.side.localnet;
    const maps = body.transactions.map((text) => {
      const read = decodeMsgpackMaps(Uint8Array.from(Buffer.from(text, "base64")));
      return read.ok ? read.value[0]?.value : undefined;
    });
    const life = { fv: chain.round, lv: chain.round + 20n, gen: genesisId };
    const gh = Uint8Array.from(Buffer.from(genesisHash, "base64"));
    expect(maps[0]).toMatchObject({ ...life, gh, snd: SPONSOR.publicKey, rcv: SPONSOR.publicKey, fee: 2_000n });
    expect(maps[1]).toMatchObject({ ...life, gh, snd: USER.publicKey });
    expect(maps[1]).not.toHaveProperty("fee");
    expect(maps[1]?.["grp"]).toEqual(maps[0]?.["grp"]);
    expect(maps[1]?.["grp"]).not.toEqual(other);
  });

  test("is sponsored to nobody who has not signed it", async () => {
    const { body } = await askBytes([writeAlone(scene, pays({ amt: 3n }))]);
    expectRefusal(await postTexts(visitor, body.transactions), "transaction.signature_missing");
  });
});
