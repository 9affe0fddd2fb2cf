import { rm } from "node:fs/promises";
import type { ProjectSeed } from "@gasless/db/factories";
import type { ApiTarget } from "@gasless/localnet/api-client";
import { findFreePort } from "@gasless/localnet/ports";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { type PageWatch, watchPage } from "../../browser/page-checks.ts";
import { buildTestWallets, startTestPage, type TestPageOptions } from "./test-page.ts";

/** A running stack and a real browser, for one file of stories. */
export interface Scene {
  readonly stack: Stack;
  readonly browser: Browser;
  /** A dapp's page on an origin of its own, for a project of its own, in a browser profile of its own. */
  visit(options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

export interface VisitOptions extends Partial<Pick<TestPageOptions, "announce" | "attributes" | "script" | "connect">> {
  readonly seed?: Partial<ProjectSeed>;
  readonly context?: BrowserContextOptions;
  /** What the project has networks of; Solana when absent. */
  readonly families?: readonly ("solana" | "algorand")[];
  /** False leaves the page's origin off the project's list. */
  readonly isListed?: boolean;
  /** What is done before the page is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: PageWatch;
  readonly target: ApiTarget;
  readonly url: string;
}

export async function openScene({ hasAlgorand = false } = {}): Promise<Scene> {
  const chains = { slotMs: 50, finalityDepth: 8, ...(hasAlgorand && { algorand: {} }) };
  const [stack, browser, wallets] = await Promise.all([
    startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, ...chains }),
    launchChromium(),
    buildTestWallets(),
  ]);
  const undo: (() => Promise<void>)[] = [];
  return {
    stack,
    browser,
    async visit(options = {}) {
      const port = await findFreePort("127.0.0.1");
      const origin = `http://127.0.0.1:${port}`;
      const origins = options.isListed === false ? ["https://elsewhere.example"] : [origin];
      const target = { ...(await createProject(stack, options.families, { origins, ...options.seed })), origin };
      const site = await startTestPage({ port, wallets, api: stack.api, project: target.publishableKey, ...options });
      const context = await browser.newContext({ locale: "en-GB", ...options.context });
      undo.push(() => context.close(), site.close);
      const page = await context.newPage();
      const watch = await watchPage(page);
      await options.before?.(page);
      // A story may hold back the script itself, and "load" would wait for it.
      await page.goto(site.url, { waitUntil: "domcontentloaded" });
      return { page, context, watch, target, url: site.url };
    },
    async close() {
      for (const each of undo) await each();
      await browser.close();
      await stack.close();
      await rm(wallets, { recursive: true, force: true });
    },
  };
}

/** One project, however many networks it has. */
async function createProject(
  stack: Stack,
  families: VisitOptions["families"] = ["solana"],
  seed: Partial<ProjectSeed>,
): Promise<ApiTarget> {
  const name = `Shop ${crypto.randomUUID().slice(0, 8)}`;
  const named = { name, publishableKey: `pk_test_${crypto.randomUUID().replaceAll("-", "")}`, ...seed };
  const makers = { solana: stack.createProject, algorand: stack.algorand?.createProject };
  const targets: ApiTarget[] = [];
  for (const family of families) {
    const target = await makers[family]?.(named);
    if (target) targets.push(target);
  }
  const [target] = targets;
  if (!target) throw new Error("this stack has none of these networks");
  return target;
}

export const trigger = (page: Page) => page.locator("gasless-wallet").getByRole("button").first();
export const dialog = (page: Page) => page.getByRole("dialog");
export const heading = (page: Page) => dialog(page).getByRole("heading", { level: 2 });
export const dialogButton = (page: Page, name: string | RegExp) => dialog(page).getByRole("button", { name });

/** The state that a page of the dapp sees. */
export const statusOf = (page: Page): Promise<string> =>
  page.locator("gasless-wallet").evaluate((element) => (element as unknown as { status: string }).status);
export const addressOf = (page: Page): Promise<string> =>
  page.locator("gasless-wallet").evaluate((element) => (element as unknown as { address: string }).address);

export async function untilStatus(page: Page, status: string): Promise<void> {
  await expect.poll(() => statusOf(page), { timeout: 15_000 }).toBe(status);
}

/** Connects the burner and signs in, whichever way it can. */
export async function signIn(page: Page): Promise<string> {
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  const prove = dialogButton(page, "Sign in");
  await expect
    .poll(async () => (await statusOf(page)) === "signed-in" || (await prove.isVisible()), { timeout: 15_000 })
    .toBe(true);
  if ((await statusOf(page)) !== "signed-in") await prove.click();
  await untilStatus(page, "signed-in");
  await dialog(page).waitFor({ state: "hidden" });
  return addressOf(page);
}

export interface Outcome {
  readonly state?: string;
  readonly id?: string;
  readonly transactionId?: string;
  readonly code?: string;
}

const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";

/** Has a memo sponsored by the page's element; what came of it is asked for later. */
export async function startMemo(page: Page, text = "hello", program = MEMO): Promise<() => Promise<Outcome>> {
  const key = `outcome ${crypto.randomUUID()}`;
  await page.locator("gasless-wallet").evaluate(
    (element, { memo, programAddress, name }) => {
      const wallet = element as unknown as { address: string | null; sponsor(input: unknown): Promise<Outcome> };
      // The widget makes the wallet a signer where nobody else does.
      const accounts = wallet.address === null ? [] : [{ address: wallet.address, role: 2 }];
      const data = new TextEncoder().encode(memo);
      const outcome = wallet.sponsor([{ programAddress, accounts, data }]).catch(({ code }: Outcome) => ({ code }));
      Object.assign(window, { [name]: outcome });
    },
    { memo: text, programAddress: program, name: key },
  );
  return () =>
    page.evaluate((name) => (window as unknown as Record<string, Promise<Outcome>>)[name], key) as Promise<Outcome>;
}

const GIVEN_TO_SPONSOR = 10_000_000_000n;

/** Who paid: the user had nothing and has nothing, the sponsor lost exactly what all landed relays were charged. */
export async function expectBalances(stack: Stack, user: string): Promise<void> {
  expect(await stack.balanceOf(user)).toBe(0n);
  const { rows } = await stack.database.query<{ charged: string }>(
    "select coalesce(sum(charged_fee + charged_rent), 0) as charged from relays",
  );
  const lost = GIVEN_TO_SPONSOR - (await stack.balanceOf(stack.secrets.sponsorAddress));
  expect(lost).toBe(BigInt(rows[0]?.charged ?? 0));
}
