import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { captureState, countAnimations, expectAccessible, expectClean, watchPage } from "../browser/page-checks.ts";

const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'";

const PAGE = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">
<title>A strict page</title><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>A strict page</h1><div id="host"></div></main><script src="/page.js"></script></body></html>`;
const STYLE = `:root { color-scheme: light dark } .moving { animation: move 60s infinite }
@keyframes move { to { translate: 9px } }`;
const SCRIPT = `host.attachShadow({ mode: "open" });
addEventListener("plant", ({ detail: name }) => host.shadowRoot.append(document.createElement(name)));
addEventListener("move", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("p { animation: move 60s infinite } @keyframes move { to { translate: 9px } }");
  host.shadowRoot.adoptedStyleSheets = [sheet];
});`;
const FILES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/": ["text/html", PAGE],
  "/page.css": ["text/css", STYLE],
  "/page.js": ["text/javascript", SCRIPT],
};

let browser: Browser;
let page: Page;
let strict: Server;
let other: Server;
const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function serve(policy: string): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const [type, body] = FILES[url] ?? ["text/plain", "nothing"];
    response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

beforeAll(async () => {
  [browser, strict, other] = await Promise.all([launchChromium(), serve(STRICT), serve("default-src *")]);
});
afterAll(async () => {
  await browser.close();
  for (const server of [strict, other]) server.close();
});
beforeEach(async () => void (page = await browser.newPage()));
afterEach(() => page.close());

const plant = (name: string) => page.evaluate(`dispatchEvent(new CustomEvent("plant", { detail: "${name}" }))`);

test("web security is on: an answer of another origin without CORS cannot be read", async () => {
  const read = (url: string) => page.evaluate(`fetch("${url}").then((answer) => answer.text(), () => "blocked")`);
  await page.goto(originOf(other));
  expect(await read(`${originOf(strict)}/else`)).toBe("blocked");
  expect(await read("/else")).toBe("nothing");
});

test("axe finds a fault in a shadow root under the strictest policy, and breaks no rule of it", async () => {
  const watch = await watchPage(page);
  await page.goto(originOf(strict));
  await captureState(page, "strict-page");
  await plant("button");
  await expect(expectAccessible(page, "a nameless button")).rejects.toThrow("button-name at #host >> button");
  await expect(captureState(page, "nameless-button")).rejects.toThrow("nameless-button-1440-dark: button-name");
  await expectClean(watch, { allowedOrigins: [] });
});

test("a violated policy, an error and a request elsewhere are each seen", async () => {
  const watch = await watchPage(page);
  const clean = () => expectClean(watch, { allowedOrigins: [] });
  await page.goto(originOf(strict));
  await page.evaluate(`setTimeout(() => host.setAttribute("style", "color: red"))`);
  await expect(clean()).rejects.toThrow("style-src-attr");
  expect(watch.violations).toMatchObject([{ directive: "style-src-attr", blocked: "inline" }]);
  await watch.clear();
  await page.evaluate(`setTimeout(() => { host.innerHTML = "<b>typed</b>" })`);
  await expect(clean()).rejects.toThrow("require-trusted-types-for");
  expect(watch.violations[0]?.sample).toContain("<b>typed</b>");
  await watch.clear();
  await page.goto(originOf(other));
  await expect(clean()).rejects.toThrow(originOf(other));
});

test("an animation in a shadow root counts, a page at rest has none", async () => {
  await page.goto(originOf(strict));
  expect(await countAnimations(page)).toBe(0);
  await plant("p");
  await page.evaluate(`dispatchEvent(new CustomEvent("move"))`);
  expect(await countAnimations(page)).toBe(1);
  await page.evaluate(`document.querySelector("h1").classList.add("moving")`);
  expect(await countAnimations(page)).toBe(2);
});
