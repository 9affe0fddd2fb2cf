import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClean } from "../browser/page-checks.ts";
import { dialog, dialogButton, heading, openScene, type Scene, trigger, untilStatus } from "./support/scene.ts";

const DIST = new URL("../../widget/dist/", import.meta.url);
const KB = 1000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

describe("the script tag", () => {
  test("is one request of at most 15 kB, the dialog 15 kB more, and no server code or chain library in either", async () => {
    const { page, url } = await scene.visit();
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    const own = (names: string[]) => names.filter((name) => name.startsWith(url) && /gasless-wallet|chunks/.test(name));
    expect(own(loaded)).toEqual([`${url}/gasless-wallet.js`]);
    await trigger(page).click();
    await heading(page).waitFor();
    const all = own(await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name)));
    const sizeOf = (name: string) =>
      gzipSync(readFileSync(new URL(name.slice(url.length + 1), DIST)), { level: 9 }).length;
    const [first = "", ...dialogChunks] = all;
    expect(sizeOf(first)).toBeLessThanOrEqual(15 * KB);
    expect(dialogChunks.reduce((sum, name) => sum + sizeOf(name), 0)).toBeLessThanOrEqual(15 * KB);
    // What each of these cannot be without, minified or not.
    const marks = /PublicKey|Transaction\.from|BN\b|ZodError|JWTClaim|borsh|secp256k1|VersionedTransaction/;
    for (const name of all) {
      expect(readFileSync(new URL(name.slice(url.length + 1), DIST), "utf8")).not.toMatch(marks);
    }
  });

  test("asks nobody and stores nothing before the first click", async () => {
    const { page, url, watch, context } = await scene.visit();
    await page.waitForLoadState("networkidle");
    expect(watch.requests.filter((name) => !name.startsWith(url))).toEqual([]);
    const stored = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
    }));
    expect(stored).toEqual({ local: 0, session: 0, databases: 0 });
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test("that is slow loses no click: the button stands there before, and what was pressed is opened", async () => {
    let release: () => void = () => undefined;
    const { page, url } = await scene.visit({
      before: (opening) =>
        opening.route("**/gasless-wallet.js", async (route) => {
          await new Promise<void>((resolve) => (release = resolve));
          await route.continue();
        }),
      script: '<script type="module" async src="/gasless-wallet.js"></script>',
    });
    await page.getByRole("button", { name: "Connect wallet" }).click();
    expect(await page.getByRole("dialog").count()).toBe(0);
    release();
    await heading(page).getByText("Connect a wallet").waitFor();
    expect(url).toContain("127.0.0.1");
  });

  test("carries an integrity, runs twice without a fault, and comes as one classic script too", async () => {
    const integrity = (file: string) =>
      `sha384-${createHash("sha384")
        .update(readFileSync(new URL(file, DIST)))
        .digest("base64")}`;
    const tag = `<script type="module" src="/gasless-wallet.js" integrity="${integrity("gasless-wallet.js")}" crossorigin></script>`;
    const twice = await scene.visit({ script: tag + tag.replace(".js", ".js?again") });
    await trigger(twice.page).click();
    await heading(twice.page).waitFor();
    await expectClean(twice.watch, { allowedOrigins: [scene.stack.api] });

    const file = "gasless-wallet.iife.js";
    const classic = await scene.visit({
      script: `<script src="/${file}" integrity="${integrity(file)}" crossorigin></script>`,
    });
    await trigger(classic.page).click();
    await dialogButton(classic.page, /Burner Wallet/).click();
    await untilStatus(classic.page, "signed-in");
    await expectClean(classic.watch, { allowedOrigins: [scene.stack.api] });
  });

  test("each language is a chunk of its own, loaded when it is wanted", async () => {
    for (const [locale, title] of [
      ["de", "Wallet verbinden"],
      ["es", "Conecta una cartera"],
      ["ar", undefined],
    ] as const) {
      const { page } = await scene.visit({ attributes: `locale="${locale}"` });
      await trigger(page).click();
      await heading(page).waitFor();
      const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
      const chunks = names.filter((name) => /chunks\/(?:ar|de|es)\.js/.test(name));
      expect(chunks).toEqual([expect.stringContaining(`/chunks/${locale}.js`)]);
      expect(await dialog(page).getAttribute("dir")).toBe(locale === "ar" ? "rtl" : "ltr");
      if (title) expect(await heading(page).textContent()).toBe(title);
    }
  });
});

test("no chunk is there that nothing loads", () => {
  const chunks = readdirSync(new URL("chunks/", DIST)).filter((name) => name.endsWith(".js"));
  expect(chunks.toSorted()).toEqual([
    "adapter.js",
    "ar.js",
    "de.js",
    "es.js",
    "memo-sign-in.js",
    "message.js",
    "pera.js",
    "sponsor.js",
    "wallet-dialog.js",
    "web3.js",
  ]);
});
