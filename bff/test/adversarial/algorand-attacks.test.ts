import { expectStatus } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GROUP_ATTACKS, type GroupAttack } from "../matrix/algorand-attacks.ts";
import { FRIEND, pays, STRANGER } from "../support/algorand-groups.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  drawGroup,
  enterNewProject,
  expectUntouched,
  explainBytes,
  linkKey,
  lookBefore,
  openScene,
  postBytes,
  SIMULATE,
} from "../support/algorand-scene.ts";
import { expectRefusal } from "../support/visitor.ts";

let scene: AlgorandScene;
/** One for each rule and policy: whatever is tried leaves nothing behind. Of one user, explain answers 60 a minute. */
const visitors = new Map<string, Promise<AlgorandVisitor>>();
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stack.close());

function visitorOf({ stoppedBy, policy, changes }: GroupAttack): Promise<AlgorandVisitor> {
  const name = JSON.stringify([stoppedBy, policy, changes]);
  const visitor = visitors.get(name) ?? enterNewProject(scene, policy);
  visitors.set(name, visitor);
  return visitor;
}

/** The other wallets that an attack's user has. */
async function linkOthers({ target, token }: AlgorandVisitor, { changes }: GroupAttack): Promise<void> {
  for (const address of changes?.linkedAddresses ?? []) {
    expectStatus(await linkKey(target, token, address === FRIEND.address ? FRIEND : STRANGER), 201);
  }
}

describe("each attack of the list fails over HTTP, with its code, before a node is asked and anything is held", () => {
  test.each(GROUP_ATTACKS)("$name", async (attack) => {
    const visitor = await visitorOf(attack);
    await linkOthers(visitor, attack);
    const group = drawGroup(scene, attack.sketch);
    const before = lookBefore(scene);

    expectRefusal(await postBytes(visitor, group), attack.code);
    expect(scene.side.localnet.faults.calls(SIMULATE)).toBe(0);

    const [, rule = ""] = attack.stoppedBy.split(" ");
    const { verdict, trace } = await explainBytes(visitor, group);
    // What is only not signed yet can be asked about; everything else is refused there too.
    const isUnsigned = rule === "signers-have-signed" && attack.code === "transaction.signature_missing";
    const { code } = attack;
    expect(trace).toContainEqual(
      expect.objectContaining(isUnsigned ? { rule, verdict: "skip" } : { rule, verdict: "fail", code }),
    );
    if (!isUnsigned) expect(verdict).toBe("refuse");
    await expectUntouched(scene, visitor, before);
  });
});

test("the plain group, of which these are changes, would have been sponsored", async () => {
  const visitor = await enterNewProject(scene);
  const group = drawGroup(scene, { user: [pays()] });
  expect((await explainBytes(visitor, group)).verdict).toBe("sponsor");
  expect(await postBytes(visitor, group)).toMatchObject({ status: 202, body: { state: "signed" } });
});
