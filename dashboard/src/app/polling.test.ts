import type { ReactiveController, ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPolling } from "./polling.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An element on the page, which is updated whether or not it still is. */
function createScene() {
  let controller: ReactiveController | undefined;
  const answers: (() => void)[] = [];
  const run = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
  const host = {
    addController: (added: ReactiveController) => (controller = added),
    requestUpdate: () => controller?.hostUpdated?.(),
  } as unknown as ReactiveControllerHost;
  createPolling(host, { everyMs: 100, isWanted: () => true, run });
  controller?.hostConnected?.();
  controller?.hostUpdated?.();
  const answer = async () => {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { run, answer, leave: () => controller?.hostDisconnected?.() };
}

test("it is looked again after each answer", async () => {
  const { run, answer } = createScene();
  await vi.advanceTimersByTimeAsync(100);
  await answer();
  await vi.advanceTimersByTimeAsync(100);
  expect(run).toHaveBeenCalledTimes(2);
});

test("a page that is left while an answer is on its way asks for nothing more", async () => {
  const { run, answer, leave } = createScene();
  await vi.advanceTimersByTimeAsync(100);
  leave();
  await answer();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(run).toHaveBeenCalledOnce();
});
