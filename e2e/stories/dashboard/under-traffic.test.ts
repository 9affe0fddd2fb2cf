import {
  type ApiTarget,
  buildTransaction,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { findFreePort } from "@gasless/localnet/ports";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClean } from "../../browser/page-checks.ts";
import { type ClaimedConsole, openClaimedConsole } from "../support/claimed-console.ts";
import { startTestPage } from "../support/test-page.ts";

// What is changed in the dashboard while others use the project.

/** A whole week of a busy project is 100,000: `GASLESS_BACKTEST_DECISIONS=100000` runs it. */
const DECISIONS = Number(process.env["GASLESS_BACKTEST_DECISIONS"] ?? 10_000);

let scene: ClaimedConsole;
let target: ApiTarget & { readonly projectId: string };
let origin: string;
beforeAll(async () => {
  const port = await findFreePort("127.0.0.1");
  origin = `http://127.0.0.1:${port}`;
  scene = await openClaimedConsole(async (stack) => {
    const project = await stack.createProject({
      name: "Ticket booth",
      origins: [origin],
      addressRequestsPerMinute: 100_000,
      userRelaysPerMinute: 10_000,
      limits: [{ subjectKind: "user", window: "lifetime", unit: "relays", amount: 100_000n }],
    });
    target = { ...project, origin };
  });
  await scene.page.getByRole("link", { name: "Ticket booth" }).click();
}, 120_000);
afterAll(() => scene.close());

async function open(name: string): Promise<void> {
  const { page } = scene;
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).first().click();
  await page.locator("main h1").getByText(name, { exact: true }).waitFor();
}

interface Person {
  readonly wallet: LocalWallet;
  readonly accessToken: string;
}

async function comeIn(): Promise<Person> {
  const wallet = await createWallet();
  return { wallet, accessToken: (await signIn(target, wallet)).accessToken };
}

async function relay({ wallet, accessToken }: Person, text: string) {
  const prepared = await prepareRelay(target, accessToken);
  const wire = await buildTransaction(prepared, [memoBy(wallet, text)], [wallet]);
  return postRelay(target, accessToken, wire);
}

/** One relay after another; how long each took to be accepted. */
async function sendWhile(person: Person, isGoingOn: (count: number) => boolean): Promise<number[]> {
  const tookMs: number[] = [];
  while (isGoingOn(tookMs.length)) {
    const sentAtMs = performance.now();
    expectStatus(await relay(person, `number ${tookMs.length} at ${sentAtMs}`), 202);
    tookMs.push(performance.now() - sentAtMs);
  }
  return tookMs;
}
const p95 = (values: readonly number[]): string =>
  (values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN).toFixed(0);

/** One call after another with this key, from the dapp's own page, until it is told to end: each one's status. */
const callWithoutEnd = (page: Page, name: string, key: string) =>
  page.evaluate(
    ({ api, name: calls, key: publishable }) => {
      const statuses: number[] = [];
      Object.assign(globalThis, { [calls]: statuses });
      const call = async (): Promise<void> => {
        const headers = { "Gasless-Key": publishable };
        const answer = await fetch(`${api}/v1/config`, { headers, cache: "no-store" }).catch(() => undefined);
        statuses.push(answer?.status ?? 0);
        await call();
      };
      void call();
    },
    { api: scene.stack.api, name, key },
  );
const statusesOf = (page: Page, name: string): Promise<number[]> =>
  page.evaluate((calls) => [...((globalThis as unknown as Record<string, number[]>)[calls] ?? [])], name);

test("a page that calls all the time sees no refused call while its key is rolled, until the old one ends", async () => {
  const { page, stack, watch } = scene;
  await open("Keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Booth");
  await page.getByRole("dialog").getByRole("button", { name: "Make the key" }).click();
  const shown = page.locator("new-key-panel pre code");
  const former = await shown.innerText();
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();

  const dapp = await scene.browser.newPage();
  const site = await startTestPage({
    port: Number(new URL(origin).port),
    wallets: "",
    api: stack.api,
    project: former,
    announce: "none",
  });
  await dapp.goto(site.url);
  await callWithoutEnd(dapp, "former", former);
  await expect.poll(() => statusesOf(dapp, "former")).toContain(200);
  await page.getByRole("button", { name: "Roll Booth" }).click();
  await page.getByRole("dialog").getByLabel("How long both open").selectOption("3600");
  await page.getByRole("dialog").getByRole("button", { name: "Roll the key" }).click();
  const successor = await shown.innerText();
  expect(successor).not.toBe(former);
  await callWithoutEnd(dapp, "successor", successor);
  const rolledAt = (await statusesOf(dapp, "former")).length;
  await expect.poll(async () => (await statusesOf(dapp, "former")).length).toBeGreaterThan(rolledAt + 20);
  expect(new Set(await statusesOf(dapp, "former"))).toEqual(new Set([200]));

  // The hour is over.
  await stack.database.query("update project_keys set revoked_at = now() where revoked_at > now()");
  await expect.poll(() => statusesOf(dapp, "former"), { timeout: 10_000 }).toContain(401);
  const after = (await statusesOf(dapp, "former")).slice(rolledAt);
  expect(after.lastIndexOf(200)).toBeLessThan(after.indexOf(401));
  expect(new Set(await statusesOf(dapp, "successor"))).toEqual(new Set([200]));
  await dapp.close();
  await site.close();

  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state, location.href]),
  );
  for (const key of [former, successor]) expect(kept).not.toContain(key);
  expect(await page.content()).not.toContain(successor);
  await expectClean(watch, { allowedOrigins: [] });
});

test("a list with a bad line is refused by that line and changes nothing; without it, it denies the next relay", async () => {
  const { page, watch } = scene;
  const person = await comeIn();
  expectStatus(await relay(person, "before"), 202);
  await open("Denylist");
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(`${person.wallet.address},a bot\nBad0Address,no address`);
  await page.getByRole("button", { name: "Import 2 entries" }).click();
  await page
    .getByRole("alert")
    .getByText(/line 2/i)
    .waitFor();
  expectStatus(await relay(person, "still"), 202);
  await page.getByLabel("Or paste it").fill(`${person.wallet.address},a bot`);
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  await page.getByText("Done: 1 added, 0 changed, 0 removed.").waitFor();
  // The API takes its own list's copy for at most five seconds.
  await expect
    .poll(async () => (await relay(person, "after")).body["code"], { timeout: 10_000, interval: 500 })
    .toBe("policy.account_denied");
  await open("Decisions");
  await page
    .getByRole("row", { name: /account_denied/ })
    .first()
    .waitFor();
  await expectClean(watch, { allowedOrigins: [], allowedErrors: [/\b422\b.*denylist\/import/] });
  await watch.clear();
});

test(
  "a backtest of what was decided in a week ends while relays go on, every one of which is accepted",
  { timeout: 60_000 + DECISIONS },
  async ({ annotate }) => {
    const { page, stack, watch } = scene;
    const people = await Promise.all(Array.from({ length: 4 }, comeIn));
    const [example] = people;
    if (!example) throw new Error("nobody came");
    expectStatus(await relay(example, "an example"), 202);
    await expect
      .poll(
        async () =>
          (await stack.database.query("select from decisions where wallet = $1", [`solana:${example.wallet.address}`]))
            .rowCount,
      )
      .toBe(1);
    await stack.database.query(
      `insert into decisions select (jsonb_populate_record(d, jsonb_build_object(
          'id', 'req_' || lpad(n::text, 26, '0'), 'relay_id', null, 'decided_at', now() - n * interval '1 second'))).*
        from decisions d, generate_series(1, $2::int) n where d.wallet = $1`,
      [`solana:${example.wallet.address}`, DECISIONS],
    );
    await open("Policy");
    await page.getByRole("button", { name: "Change it" }).click();
    await page
      .getByRole("dialog")
      .getByRole("radio", { name: /^Nothing/ })
      .check();
    await page.getByRole("dialog").getByRole("button", { name: "Begin" }).click();
    await page.getByRole("link", { name: "Backtest", exact: true }).click();
    const others = people.slice(1);
    const quietMs = (await Promise.all(others.map((person) => sendWhile(person, (count) => count < 8)))).flat();

    const startedAtMs = performance.now();
    await page.getByRole("button", { name: "Start the backtest" }).click();
    await page.getByRole("progressbar").waitFor();
    let isOpen = true;
    const end = async (): Promise<number> => {
      const result = page.getByText(/^Of [\d,]+ decisions in 7 days/);
      await result.waitFor({ timeout: 60_000 + DECISIONS }).finally(() => (isOpen = false));
      return (performance.now() - startedAtMs) / 1000;
    };
    const send = (person: Person) => sendWhile(person, (count) => isOpen && count < 10_000);
    const [tookSeconds, ...sent] = await Promise.all([end(), ...others.map(send)]);
    const meanwhileMs = sent.flat();
    await annotate(
      `${DECISIONS} decisions in ${tookSeconds.toFixed(1)} s; ${meanwhileMs.length} relays meanwhile, all accepted: p95 ${p95(meanwhileMs)} ms, before ${p95(quietMs)} ms`,
    );
    expect(meanwhileMs.length).toBeGreaterThan(others.length);
    const said = await page.getByText(/^Of [\d,]+ decisions in 7 days/).innerText();
    expect(Number(/^Of ([\d,]+)/.exec(said)?.[1]?.replaceAll(",", ""))).toBeGreaterThanOrEqual(DECISIONS);
    expect(said).toMatch(/would be refused that were sponsored/);
    await expectClean(watch, { allowedOrigins: [] });
  },
);
