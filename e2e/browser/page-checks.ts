import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What a page did since `watchPage`, oldest first, over all its documents and frames. */
export interface PageWatch {
  readonly page: Page;
  readonly consoleErrors: readonly string[];
  readonly pageErrors: readonly string[];
  readonly violations: readonly CspViolation[];
  /** Of the first document that was asked for. */
  ownOrigin(): string;
  /** Every URL that was asked for, WebSockets and what was answered from a cache or refused by CORS among them. */
  readonly requests: readonly string[];
  /** Forgets what was seen so far, as after an error that was provoked. */
  clear(): Promise<void>;
}

interface CspViolation {
  readonly directive: string;
  readonly blocked: string;
  /** How that begins; empty for inline styles and scripts unless the policy says `report-sample`. */
  readonly sample: string;
  readonly at: string;
}

export interface CleanOptions {
  /** Beside the page's own, as `https://api.example`; a WebSocket counts as its http origin. */
  readonly allowedOrigins: readonly string[];
  /** Console errors that the test provoked: Chromium writes one for every answer of 400 and above. */
  readonly allowedErrors?: readonly RegExp[];
}

/** Bindings come over the debugging protocol, so no policy stops them; the page's own scripts do not know the name. */
const BINDING = "__gaslessViolation";

const REPORT_VIOLATIONS = `{
  const report = globalThis.${BINDING};
  document.addEventListener("securitypolicyviolation", (event) => {
    void report({
      directive: event.effectiveDirective,
      blocked: event.blockedURI,
      sample: event.sample,
      at: event.sourceFile + ":" + event.lineNumber,
    });
  }, { capture: true });
}`;

/** Two turns of the event loop: violations are queued as tasks, and come before the answer of a later evaluation. */
const TWO_TURNS = "new Promise((resolve) => setTimeout(() => setTimeout(resolve)))";

/** Watches every document that the page loads from now on: call it before the first `goto`, once per page. */
export async function watchPage(page: Page): Promise<PageWatch> {
  const consoleErrors: string[] = [];
  const pageErrors: string[] = [];
  const violations: CspViolation[] = [];
  const requests: string[] = [];
  let ownOrigin = "";
  page.on("console", (message) => {
    if (message.type() === "error") consoleErrors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => void pageErrors.push(error.stack ?? error.message));
  page.on("request", (request) => {
    requests.push(request.url());
    ownOrigin ||= originOf(request.url());
  });
  page.on("websocket", (socket) => void requests.push(socket.url()));
  await page.exposeBinding(BINDING, (_source, violation: CspViolation) => void violations.push(violation));
  await page.addInitScript(REPORT_VIOLATIONS);
  return {
    page,
    consoleErrors,
    pageErrors,
    violations,
    requests,
    ownOrigin: () => ownOrigin,
    async clear() {
      await page.evaluate(TWO_TURNS);
      for (const list of [consoleErrors, pageErrors, violations, requests]) list.length = 0;
    },
  };
}

/** No error, no violation of the page's own policy, and nobody else was asked for anything. */
export async function expectClean(
  watch: PageWatch,
  { allowedOrigins, allowedErrors = [] }: CleanOptions,
): Promise<void> {
  await watch.page.evaluate(TWO_TURNS);
  const allowed = new Set([watch.ownOrigin(), ...allowedOrigins]);
  expectNone("the page is not clean", [
    ...watch.consoleErrors.filter((error) => !allowedErrors.some((pattern) => pattern.test(error))),
    ...watch.pageErrors,
    ...watch.violations.map(({ directive, blocked, sample, at }) => `${directive}: ${blocked} ${sample} (${at})`),
    ...watch.requests.filter((url) => isRemote(url) && !allowed.has(originOf(url))).map((url) => `asked for ${url}`),
  ]);
}

/** The list itself is in the message: a matcher alone would only say that it is not empty. */
function expectNone(what: string, faults: readonly string[]): void {
  expect(faults, [`${what}:`, ...faults, ""].join("\n")).toEqual([]);
}

const isRemote = (url: string): boolean => !/^(data|blob|about):/.test(url);
const originOf = (url: string): string => new URL(url.replace(/^ws/, "http")).origin;

const SCREENS = fileURLToPath(new URL("../../node_modules/.cache/gasless/screens/", import.meta.url));
const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// Page scripts are text: nothing on Node's side knows the DOM's types.
const COLLECT_ANIMATIONS = `
  const animationsIn = (root) => [
    ...root.getAnimations(),
    ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot ? animationsIn(shadowRoot) : [])),
  ];`;
const COUNT_ANIMATIONS = `(() => {
  ${COLLECT_ANIMATIONS}
  return new Set(animationsIn(document).filter(({ playState }) => playState === "running")).size;
})()`;
/** Two frames, then the end of what ends by itself within a second: colours in mid-transition have a false contrast. */
const SETTLE = `(async () => {
  ${COLLECT_ANIMATIONS}
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  const ending = animationsIn(document).filter(
    ({ effect, playState }) => playState === "running" && Number.isFinite(effect?.getComputedTiming().endTime),
  );
  const ends = Promise.allSettled(ending.map(({ finished }) => finished));
  await Promise.race([ends, new Promise((resolve) => setTimeout(resolve, 1000))]);
})()`;
const IS_DARK = `matchMedia("(prefers-color-scheme: dark)").matches`;

/** Running animations and transitions of the document and of every open shadow root in it. */
export const countAnimations = (page: Page): Promise<number> => page.evaluate<number>(COUNT_ANIMATIONS);

/** Runs axe on the page with its open shadow roots; fails with rule and place of every fault. */
export async function expectAccessible(page: Page, label: string): Promise<void> {
  expectNone(`axe on ${label}`, await findFaults(page));
}

/** Checks one state of a page in light and dark, on a phone and on a desk, and keeps a picture of each. */
export async function captureState(page: Page, name: string): Promise<void> {
  const viewport = page.viewportSize();
  const colorScheme = (await page.evaluate<boolean>(IS_DARK)) ? "dark" : "light";
  const faults: string[] = [];
  await mkdir(SCREENS, { recursive: true });
  const devtools = await page.context().newCDPSession(page);
  try {
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const size of SIZES) {
        const view = `${name}-${size.width}-${scheme}`;
        await page.setViewportSize(size);
        await page.evaluate(SETTLE);
        faults.push(...(await findFaults(page)).map((fault) => `${view}: ${fault}`));
        // Packed in a hurry: most of a picture's time goes into making its file small.
        const picture = { format: "png", optimizeForSpeed: true } as const;
        const { data } = await devtools.send("Page.captureScreenshot", picture);
        await writeFile(join(SCREENS, `${view}.png`), data, "base64");
      }
    }
  } finally {
    await devtools.detach();
    await page.emulateMedia({ colorScheme });
    if (viewport !== null) await page.setViewportSize(viewport);
  }
  expectNone(`axe on ${name}`, faults);
}

/**
 * One line per fault. axe comes over the debugging protocol, which the page's policy does not govern; `preload` would
 * have it fetch style sheets, and without the legacy mode it opens a second page for every run.
 */
async function findFaults(page: Page): Promise<string[]> {
  // Half of a run is reading axe, and telling what passed: it is read once per document, and tells of faults alone.
  const builder = new AxeBuilder({ page, ...((await hasAxe(page)) && { axeSource: "void 0" }) });
  const options = { runOnly: TAGS, preload: false, reporter: "no-passes" };
  const { violations } = await builder.options(options).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} at ${target.flat().join(" >> ")}${any[0] ? ` (${any[0].message})` : ""}`),
  );
}

/** A frame that lacks it would be passed over in silence. */
async function hasAxe(page: Page): Promise<boolean> {
  const answers = page.frames().map((frame) => frame.evaluate<boolean>(`"axe" in globalThis`).catch(() => false));
  return (await Promise.all(answers)).every(Boolean);
}
