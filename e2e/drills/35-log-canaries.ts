import assert from "node:assert/strict";
import type { Prepared } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import type { Stack } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { type Canaries, createCanaries, describeLine, findSecrets } from "./canaries.ts";
import { openSession, useEverything } from "./canary-traffic.ts";
import type { Drill, Scene } from "./drill.ts";
import { NO_RATE_LIMITS } from "./intents.ts";
import { startMisconfigured } from "./misconfigured.ts";
import { repair, STATES } from "./liars.ts";
import { inDigits, mapLimited, tally } from "./support.ts";

/** From documentation's own ranges. */
const ADDRESSES = ["203.0.113.77", "2001:db8:77:1::5"] as const;

/** A sponsor that is nearly empty, by its floor: somebody is told. */
async function raiseAlert({ database, worker }: Stack): Promise<void> {
  await database.query("update sponsors set balance_floor = balance_floor * 1000");
  await worker().runScheduled();
  await database.query("update sponsors set balance_floor = balance_floor / 1000");
  await worker().runScheduled();
}

async function readMetrics({ api, secrets }: Stack): Promise<string> {
  const page = await fetch(`${api}/metrics`, { headers: { authorization: `Bearer ${secrets.metricsToken}` } });
  assert.equal(page.status, 200);
  return page.text();
}

const findWhole = (text: string, names: ReadonlySet<string>): string[] =>
  text.split("\n").filter((line) => [...names].some((name) => line.includes(name)));

/** A refusal may name a wallet to whoever asks about it; operators' places may not. */
function assertSilent({ secrets, persons, problems }: Canaries, places: Readonly<Record<string, string>>): void {
  const found = Object.entries({ ...places, refusals: problems.join("\n") }).flatMap(([place, text]) => [
    ...findSecrets(text, secrets).map((line) => `a secret in ${place}: ${describeLine(line)}`),
    ...(place in places ? findWhole(text, persons) : []).map((line) => `a person in ${place}: ${describeLine(line)}`),
  ]);
  assert.equal(tally(found), "", "canaries were seen");
}

export const logCanaries: Drill = {
  number: 35,
  title: "no secret and nobody's address stands in a log, a metric, an alert or a refusal, whatever fails and lies",
  async run(scene: Scene) {
    const { stack, scale, receiver, say } = scene;
    const canaries = createCanaries([...stack.hidden, receiver.secret]);
    const target = await stack.createProject({ ...NO_RATE_LIMITS, addressSignInsPerMinute: 1_000_000, limits: [] });
    for (const name of [...ADDRESSES, target.publishableKey]) canaries.persons.add(name);
    const outcomes: string[] = [];
    const states = STATES.filter(({ isShort }) => scale === "full" || isShort === true);
    for (const { begin } of states) {
      const ready = await mapLimited(ADDRESSES, 1, async (clientAddress, index) => {
        const key = index === 0 ? undefined : canaries.watch(await createProofKey());
        const visitor = { canaries, target, wallet: await createWallet(), key, clientAddress };
        const tokens = await openSession(visitor);
        const own = { token: tokens.accessToken, key, body: { network: target.network } };
        const prepared = await canaries.call(target, "POST", "/v1/relays/prepare", own);
        return { visitor, tokens, prepared: prepared.body as unknown as Prepared };
      });
      await begin(stack);
      for (const { visitor, tokens, prepared } of ready)
        outcomes.push(...(await useEverything(visitor, tokens, prepared)));
      await stack.worker().runScheduled();
      await repair(stack);
    }
    await raiseAlert(stack);
    const places = {
      "the log": stack.log.join("\n"),
      metrics: await readMetrics(stack),
      alerts: receiver.deliveries.map(({ body }) => body).join("\n"),
      "misconfigured workers": scale === "full" ? await startMisconfigured(stack) : "",
    };
    for (const secret of canaries.secrets) assert.equal(findSecrets(`a${secret.slice(-16)}b`, [secret]).length, 1);
    assert(receiver.deliveries.length > 0, "nobody was told of anything");
    assertSilent(canaries, places);
    say(`while ${states.map(({ name }) => name).join(", ")}`);
    say(
      `${inDigits(outcomes.length)} calls (${tally(outcomes)}): ${inDigits(canaries.secrets.size)} secrets and ${canaries.persons.size} addresses ` +
        `in none of ${inDigits(stack.log.length)} log lines, ${receiver.deliveries.length} alerts, ${canaries.problems.length} refusals`,
    );
  },
};
