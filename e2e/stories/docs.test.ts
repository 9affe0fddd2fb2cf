import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { captureState, expectAccessible, expectClean, type PageWatch, watchPage } from "../browser/page-checks.ts";

const ASSETS = new URL("../../bff/dist/assets/", import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  "/docs": "docs.html",
  "/docs/guide": "docs-guide.html",
  "/docs/management": "docs-management.html",
};
const read = (name: string): string => readFileSync(new URL(name, ASSETS), "utf8");

let browser: Browser;
let server: Server;
let origin: string;

/** The pages as the worker serves them, in one address space. */
beforeAll(async () => {
  browser = await launchChromium();
  server = createServer(({ url = "/" }, response) => {
    const name = FILES[url];
    // Browsers ask for a picture of the site; there is none, and that is no fault of a page.
    if (name === undefined) {
      response.writeHead(204).end();
      return;
    }
    const headers = { "content-type": "text/html; charset=UTF-8", "content-security-policy": read("docs.csp") };
    response.writeHead(200, headers).end(read(name).replaceAll("{api}", origin));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

async function open(path: string): Promise<{ readonly page: Page; readonly watch: PageWatch }> {
  const page = await browser.newPage();
  const watch = await watchPage(page);
  await page.goto(origin + path);
  return { page, watch };
}

// The smallest of them: the others look by the same style, and axe takes long over a long page.
test("the guide is accessible in light and dark, on a phone and on a desk", { timeout: 120_000 }, async () => {
  const { page } = await open("/docs/guide");
  await captureState(page, "docs-guide");
  await page.close();
});

describe.each(Object.keys(FILES))("%s", (path) => {
  test("is accessible on a phone in the dark, and asks nobody", { timeout: 120_000 }, async () => {
    const { page, watch } = await open(path);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, path);
    await expectClean(watch, { allowedOrigins: [] });
    await page.close();
  });

  test("scrolls in no direction but down on a phone, with every word on it", async () => {
    const { page } = await open(path);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.close();
  });

  test("leads to the other pages from the keyboard", async () => {
    const { page } = await open(path);
    const target = path === "/docs/guide" ? "/docs/management" : "/docs/guide";
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.locator(`nav .pages a[href$="${target}"]`).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(origin + target);
    expect(await page.locator("nav [aria-current]").getAttribute("href")).toBe(origin + target);
    await page.close();
  });
});
