import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "@gasless/localnet/supervisor/launch-support";
import type { Page } from "playwright-core";
import { launchChromium } from "./browser/chromium.ts";

/** The README's pictures, taken of a stack that `npm start` has started: a visitor's whole way on the demo page. */
const IMAGES = join(import.meta.dirname, "..", "docs", "images");
const NOTE = "I own no SOL, and here I am.";

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();
const approve = (page: Page) =>
  page.locator("dialog.demo-wallet").getByRole("button", { name: "Approve", exact: true }).click();

async function visit(page: Page, url: string): Promise<void> {
  const shoot = (name: string) => page.screenshot({ path: join(IMAGES, `${name}.png`), caret: "initial" });
  await page.goto(url);
  await press(page, "Connect wallet");
  await page.getByRole("button", { name: /^Demo Wallet/ }).waitFor();
  await shoot("connect");
  await press(page, /^Demo Wallet/);
  await approve(page);
  await page.getByRole("button", { name: /signed in$/ }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("textbox", { name: "Your note" }).fill(NOTE);
  await press(page, "Sign the guestbook");
  await approve(page);
  await press(page, "Done");
  await page.getByText("Your note is on the chain").first().waitFor();
  await press(page, "Get 10 demo tokens");
  await page.locator("#token-balance").getByText("10").waitFor();
  await press(page, "Send 1 token to the guestbook");
  await approve(page);
  await press(page, "Done");
  await page.getByText("The guestbook has your token").first().waitFor();
  await page.locator(".line.state dd").getByText(/final/i).waitFor();
  await page.evaluate("scrollTo(0, 0)");
  await shoot("demo");
  await press(page, /signed in$/);
  await page
    .getByText(/free transactions left today/)
    .first()
    .waitFor();
  await page.getByText("Done").first().waitFor();
  await shoot("account");
}

mkdirSync(IMAGES, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "gasless-screenshots-"));
const stack = launch({ GASLESS_DATA: folder }, ["--json"]);
const browser = await launchChromium();
try {
  await stack.waitFor("\n");
  const { demo } = JSON.parse(stack.stdout()) as { readonly demo: string };
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, locale: "en-GB" });
  await visit(page, demo);
} finally {
  await browser.close();
  await stack.end("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
