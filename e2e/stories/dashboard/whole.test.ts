import { rm } from "node:fs/promises";
import { findFreePort } from "@gasless/localnet/ports";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClean } from "../../browser/page-checks.ts";
import { type ClaimedConsole, openClaimedConsole } from "../support/claimed-console.ts";
import { buildTestWallets, startTestPage, type TestPage } from "../support/test-page.ts";

let scene: ClaimedConsole;
let wallets: string;
let dapp: TestPage | undefined;
beforeAll(async () => {
  // What pays belongs to whoever claims.
  scene = await openClaimedConsole((stack) => stack.createProject({ name: "What was there before" }));
  wallets = await buildTestWallets();
}, 120_000);
afterAll(async () => {
  await dapp?.close();
  await scene.close();
  await rm(wallets, { recursive: true, force: true });
});

const open = async (name: string) => {
  await scene.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).first().click();
  await scene.page.locator("main h1").getByText(name, { exact: true }).waitFor();
};
const dialog = () => scene.page.getByRole("dialog");

async function makeProject(): Promise<void> {
  const { page } = scene;
  await page.getByRole("button", { name: "New project" }).first().click();
  await dialog().getByLabel("Name", { exact: true }).fill("Ticket booth");
  await dialog().getByRole("button", { name: "Make it" }).click();
  await page.locator("main h1").getByText("Ticket booth").waitFor();
  await open("Networks");
  await page.getByLabel("Network", { exact: true }).selectOption("solana:localnet");
  await page.getByRole("button", { name: "Add the network" }).click();
  await page.getByRole("row", { name: /solana:localnet/ }).waitFor();
}

async function publishFirstPolicy(): Promise<void> {
  const { page } = scene;
  await open("Policy");
  await page.getByRole("button", { name: "Write the first policy" }).click();
  await dialog().getByText("Say something").click();
  await dialog().getByRole("button", { name: "Begin" }).click();
  await publish();
  await page.locator("main").getByText("In force: version 1").waitFor();
}

async function publish(): Promise<void> {
  await scene.page.getByRole("button", { name: "Publish…" }).click();
  await dialog().getByRole("button", { name: "Publish", exact: true }).click();
}

/** The tag as the dashboard shows it, with a key that was made just now. */
async function makeTag(): Promise<{ readonly tag: string; readonly key: string }> {
  const { page } = scene;
  await open("Keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await dialog().getByLabel("Name").fill("Booth");
  await dialog().getByRole("button", { name: "Make the key" }).click();
  const key = await page.locator("new-key-panel pre code").innerText();
  const tag = await page.locator("pre", { hasText: "<gasless-wallet" }).first().innerText();
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
  return { tag, key };
}

/** The widget, as far as this page uses it. */
interface WalletElement extends HTMLElement {
  readonly session: { readonly wallet: string } | null;
  sponsor(instructions: readonly object[]): Promise<{ readonly state: string }>;
}

/** On the dapp's page: a transfer of nothing from the wallet to itself. What came of it: a state, or a code. */
const send = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const wallet = document.querySelector("gasless-wallet") as WalletElement | null;
    const address = wallet?.session?.wallet.replace("solana:", "") ?? "";
    const data = new Uint8Array(12);
    data[0] = 2;
    const system = "11111111111111111111111111111111";
    const accounts = [
      { address, role: 3 },
      { address, role: 1 },
    ];
    try {
      const relay = await wallet?.sponsor([{ programAddress: system, accounts, data }]);
      return relay?.state ?? "nothing";
    } catch (error) {
      return (error as { readonly code?: string }).code ?? String(error);
    }
  });

test(
  "a claim, a project, a policy, the tag on a page, a refused relay, why, the fix, and the relay is sponsored",
  { timeout: 150_000 },
  async () => {
    const { stack, page, watch } = scene;
    await makeProject();
    const port = await findFreePort("127.0.0.1");
    const origin = `http://127.0.0.1:${port}`;
    await open("Origins");
    await page.getByLabel("Origin", { exact: true }).fill(origin);
    await page.getByRole("button", { name: "Add the origin" }).click();
    await page.getByRole("row", { name: new RegExp(`${port}`) }).waitFor();
    await publishFirstPolicy();
    const { tag, key } = await makeTag();
    expect(tag).toContain(`<gasless-wallet project="${key}" api="${stack.api}">`);

    dapp = await startTestPage({ port, wallets, api: stack.api, project: key, announce: "sign-in" });
    const visitor = await page.context().browser()?.newPage({ locale: "en-GB" });
    if (!visitor) throw new Error("there is no browser");
    await visitor.goto(dapp.url);
    await visitor.getByRole("button", { name: "Connect wallet" }).click();
    await visitor
      .getByRole("dialog")
      .getByRole("button", { name: /Burner Wallet/ })
      .click();
    await visitor.getByRole("dialog").waitFor({ state: "hidden" });

    const first = send(visitor);
    // The code is among the details, for whoever opens them.
    await visitor.getByRole("dialog").getByText("policy.program_not_allowed").waitFor({ state: "attached" });
    await visitor.keyboard.press("Escape");
    expect(await first).toBe("policy.program_not_allowed");

    await open("Decisions");
    await page
      .getByRole("row", { name: /program_not_allowed/ })
      .getByRole("link")
      .first()
      .click();
    await page.locator("main").getByText("It was refused").waitFor();
    await page.getByRole("link", { name: "Explain", exact: true }).last().click();
    await page
      .getByRole("button", { name: /^Open as a draft/ })
      .first()
      .click();
    await publish();
    await page.locator("main").getByRole("heading", { name: "It would be", exact: false }).waitFor();

    await expect.poll(() => send(visitor), { timeout: 30_000, interval: 1_000 }).toBe("finalized");
    await open("Relays");
    await page
      .getByRole("row", { name: /finalized/ })
      .first()
      .waitFor();
    await visitor.close();
    // Where nothing is in force yet, the API says so with a 404, which the browser tells by itself.
    await expectClean(watch, { allowedOrigins: [], allowedErrors: [/\b404\b.*policies\/current/] });
  },
);

test("and the policy is rolled back to what it was, for the next relay", { timeout: 60_000 }, async () => {
  const { page } = scene;
  await open("Policy");
  await page.locator("main").getByText("In force: version 2").waitFor();
  await page.getByRole("button", { name: "Roll back to version 1" }).click();
  await dialog().getByRole("button", { name: "Roll back to version 1" }).click();
  await page.locator("main").getByText("In force: version 1").waitFor();
});
