import { rm } from "node:fs/promises";
import { findFreePort } from "@gasless/localnet/ports";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Page } from "playwright-core";
import { inject } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { buildTestWallets, startTestPage } from "./test-page.ts";

/** A dapp in tabs of one browser profile, on a stack whose time moves with theirs. */
export interface VirtualTime {
  readonly stack: Stack;
  readonly projectId: string;
  /** What pages were told by `gasless-signed-out` and `gasless-error`, oldest first. */
  readonly troubles: readonly string[];
  openTab(): Promise<Page>;
  /** Moves the clocks of all tabs and of the worker on, and what the database keeps of sessions back. */
  travel(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

const REPORT = "reportTrouble";

/** Runs in each page, before its own scripts. */
const LISTEN = `for (const type of ["gasless-signed-out", "gasless-error"])
  addEventListener(type, (event) => ${REPORT}(type + " " + (event.reason ?? event.error.code)));`;

export async function openVirtualTime(): Promise<VirtualTime> {
  const [stack, browser, wallets] = await Promise.all([
    startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, hasMovableClock: true }),
    launchChromium(),
    buildTestWallets(),
  ]);
  const port = await findFreePort("127.0.0.1");
  const target = await stack.createProject({ origins: [`http://127.0.0.1:${port}`] });
  const site = await startTestPage({ port, wallets, api: stack.api, project: target.publishableKey });
  const context = await browser.newContext({ locale: "en-GB" });
  const troubles: string[] = [];
  await context.clock.install();
  await context.exposeFunction(REPORT, (trouble: string) => void troubles.push(trouble));
  await context.addInitScript(LISTEN);
  let elapsedMs = 0;
  return {
    stack,
    projectId: target.projectId,
    troubles,
    async openTab() {
      const page = await context.newPage();
      await page.goto(site.url, { waitUntil: "domcontentloaded" });
      return page;
    },
    async travel(durationMs) {
      elapsedMs += durationMs;
      await stack.moveClock(elapsedMs);
      await context.clock.fastForward(durationMs);
      // PostgreSQL's own clock stays: everything that it knows of the sessions happened that much earlier instead.
      await stack.database.query(
        `update sessions set created_at = created_at - span, refreshed_at = refreshed_at - span,
            idle_expires_at = idle_expires_at - span, expires_at = expires_at - span
          from make_interval(secs => $1) as span where project_id = $2`,
        [durationMs / 1_000, target.projectId],
      );
    },
    async close() {
      await context.close();
      await site.close();
      await browser.close();
      await stack.close();
      await rm(wallets, { recursive: true, force: true });
    },
  };
}
