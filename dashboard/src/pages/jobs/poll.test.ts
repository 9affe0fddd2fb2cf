import type { ReactiveControllerHost } from "lit";
import { describe, expect, test, vi } from "vitest";
import { nextDelayMs, Poll } from "./poll.ts";

const host: ReactiveControllerHost = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};

function createScene(look: () => Promise<"moved" | "quiet" | "over">) {
  const page = Object.assign(new EventTarget(), { hidden: false });
  let timer: { readonly run: () => void; readonly ms: number } | undefined;
  const looked = vi.fn(look);
  const poll = new Poll(host, {
    look: looked,
    page,
    schedule(run, ms) {
      const mine = { run, ms };
      timer = mine;
      return () => {
        if (timer === mine) timer = undefined;
      };
    },
  });
  poll.hostConnected();
  return {
    poll,
    looked,
    nextMs: () => timer?.ms,
    async fire() {
      timer?.run();
      // Whatever was asked has been answered after a turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve));
    },
    setHidden(hidden: boolean) {
      page.hidden = hidden;
      page.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

describe("a page that follows a job", () => {
  test("looks each second while it moves, later and later while it does not, and never rarer than each ten", async () => {
    let seen: "moved" | "quiet" = "moved";
    const scene = createScene(async () => seen);
    scene.poll.start();
    expect(scene.nextMs()).toBe(1000);
    await scene.fire();
    expect(scene.nextMs()).toBe(1000);
    seen = "quiet";
    await scene.fire();
    expect(scene.nextMs()).toBe(1500);
    await scene.fire();
    expect(scene.nextMs()).toBe(2250);
    expect(nextDelayMs(100)).toBe(10_000);
    seen = "moved";
    await scene.fire();
    expect(scene.nextMs()).toBe(1000);
  });

  test("asks for nothing while nobody sees it, and at once when somebody does", async () => {
    const scene = createScene(async () => "moved");
    scene.poll.start();
    scene.setHidden(true);
    expect(scene.nextMs()).toBeUndefined();
    scene.setHidden(false);
    expect(scene.looked).toHaveBeenCalledTimes(1);
    await scene.fire();
    expect(scene.nextMs()).toBe(1000);
  });

  test("stops at the end of the job, and when the page is left", async () => {
    const over = createScene(async () => "over");
    over.poll.start();
    await over.fire();
    expect(over.nextMs()).toBeUndefined();
    const left = createScene(async () => "moved");
    left.poll.start();
    left.poll.hostDisconnected();
    expect(left.nextMs()).toBeUndefined();
    left.setHidden(false);
    expect(left.looked).not.toHaveBeenCalled();
  });

  test("does not begin again with an answer that comes after the page was left", () => {
    const scene = createScene(async () => "moved");
    scene.poll.hostDisconnected();
    scene.poll.start();
    expect(scene.nextMs()).toBeUndefined();
  });

  test("an answer that fails makes the next look later, and is not the last", async () => {
    const scene = createScene(() => Promise.reject(new Error("away")));
    scene.poll.start();
    await scene.fire();
    expect(scene.nextMs()).toBe(1500);
  });
});
