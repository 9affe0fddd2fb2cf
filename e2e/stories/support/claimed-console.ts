import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createClaimCode } from "@gasless/db/claim";
import { type Stack, type StackOptions, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { type PageWatch, watchPage } from "../../browser/page-checks.ts";
import { buildTestWallets } from "./test-page.ts";

/** A page of the dashboard, as the API itself serves it, in a browser profile with a wallet of its own. */
interface Desk {
  readonly page: Page;
  readonly watch: PageWatch;
}

/** A deployment of its own that nobody has claimed, and a browser. */
export interface OpenConsole {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly claimCode: string;
  /** Somebody who is not signed in, at an address such as `/dashboard/`. */
  visit(address: string): Promise<Desk>;
  close(): Promise<void>;
}

/** The same, and the person who claimed it. */
export interface ClaimedConsole extends OpenConsole, Desk {
  /** Somebody else, at home in the organization with this role. */
  join(role: "owner" | "admin" | "developer" | "billing" | "viewer"): Promise<Desk>;
}

/** What belongs to nobody when the installation is claimed becomes the first owner's: `prepare` makes it. */
export async function openConsole(
  prepare: (stack: Stack) => Promise<unknown>,
  options: Pick<StackOptions, "algorand" | "bindings"> = {},
): Promise<OpenConsole> {
  const [stack, browser, wallets] = await Promise.all([
    startStack({ ...options, postgresUrl: inject("postgresUrl"), template: TEMPLATE, slotMs: 50, finalityDepth: 8 }),
    launchChromium(),
    buildTestWallets(),
  ]);
  await prepare(stack);
  return {
    stack,
    browser,
    claimCode: (await createClaimCode(stack.database)) ?? "",
    async visit(address) {
      const page = await browser.newPage({ locale: "en-GB", viewport: { width: 1440, height: 900 } });
      const watch = await watchPage(page);
      await page.goto(stack.api + address);
      // As an extension's script does, it comes past the page's policy.
      await page.evaluate(await readFile(join(wallets, "wallets.js"), "utf8"));
      await page.evaluate("testWallets.announceBurner('sign-in')");
      return { page, watch };
    },
    async close() {
      await browser.close();
      await stack.close();
      await rm(wallets, { recursive: true, force: true });
    },
  };
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign in with a wallet" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Burner Wallet/ })
    .click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

export async function openClaimedConsole(prepare: (stack: Stack) => Promise<unknown>): Promise<ClaimedConsole> {
  const scene = await openConsole(prepare);
  const { stack } = scene;
  const { page, watch } = await scene.visit(`/dashboard/#claim=${scene.claimCode}`);
  await signIn(page);
  await page.getByLabel("Name of your organization").fill("Night Market");
  await page.getByRole("button", { name: "Claim", exact: true }).click();
  await page.locator("main h1").getByText("Night Market").waitFor();
  return {
    ...scene,
    page,
    watch,
    async join(role) {
      const other = await scene.visit("/dashboard/");
      await signIn(other.page);
      await other.page.locator("main h1").getByText("You are in no organization yet").waitFor();
      // Whoever has signed in to the console and is a member of nothing.
      await stack.database.query(
        `insert into members (organization_id, user_id, role)
          select o.id, u.id, $1 from organizations o, users u
          where u.project_id = 'prj_console' and not exists (select from members m where m.user_id = u.id)`,
        [role],
      );
      await other.page.reload();
      await other.page.locator("main h1").getByText("Night Market").waitFor();
      return other;
    },
  };
}
