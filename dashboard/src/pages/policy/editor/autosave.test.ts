import { describe, expect, test } from "vitest";
import { ApiProblem } from "../../../api/problem.ts";
import { createAutosave, type SaveState } from "./autosave.ts";

function createScene(answer: (value: string, version: string) => Promise<string>) {
  const saved: (readonly [string, string])[] = [];
  const states: SaveState[] = [];
  const timers = new Set<() => void>();
  const autosave = createAutosave<string>("1", {
    save(value, version) {
      saved.push([value, version]);
      return answer(value, version);
    },
    onState: (state) => states.push(state),
    schedule(run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  const fire = () => {
    const all = [...timers];
    timers.clear();
    for (const run of all) run();
  };
  return { autosave, saved, states, fire, timers };
}

const next = async (_value: string, version: string): Promise<string> => String(Number(version) + 1);

describe("a draft saves itself", () => {
  test("changes in quick succession are one request, with the last of them", async () => {
    const { autosave, saved, fire } = createScene(next);
    autosave.change("a");
    autosave.change("ab");
    fire();
    await autosave.flush();
    expect(saved).toEqual([["ab", "1"]]);
    expect(autosave.state).toBe("saved");
  });

  test("a change during a request is saved after it, on the version that it made", async () => {
    const open: ((version: string) => void)[] = [];
    const { autosave, saved, fire } = createScene(() => new Promise((resolve) => open.push(resolve)));
    autosave.change("a");
    fire();
    autosave.change("b");
    expect(saved).toEqual([["a", "1"]]);
    const done = autosave.flush();
    open[0]?.("2");
    await expect.poll(() => open.length).toBe(2);
    open[1]?.("3");
    await done;
    expect(saved).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  test("after somebody else's change nothing is overwritten any more", async () => {
    const { autosave, saved, fire } = createScene(async () => {
      throw new ApiProblem({ status: 409, code: "manage.conflict", detail: "Changed meanwhile." });
    });
    autosave.change("mine");
    fire();
    await autosave.flush();
    expect(autosave.state).toBe("conflict");
    autosave.change("mine, more");
    fire();
    await autosave.flush();
    expect(saved).toEqual([["mine", "1"]]);
    expect(autosave.state).toBe("conflict");
  });

  test("what could not be saved is not forgotten", async () => {
    let isDown = true;
    const { autosave, saved, states, fire } = createScene(async (value, version) => {
      if (isDown) throw new ApiProblem({ status: 503, code: "dependency.unavailable", detail: "Not now." });
      return next(value, version);
    });
    autosave.change("a");
    fire();
    await autosave.flush();
    expect(states).toEqual(["waiting", "saving", "failed"]);
    isDown = false;
    await autosave.flush();
    expect(saved.at(-1)).toEqual(["a", "1"]);
    expect(autosave.state).toBe("saved");
  });

  test("after it has stopped, nothing more is sent", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { autosave, saved, timers, fire } = createScene(() => promise);
    autosave.change("a");
    fire();
    autosave.change("b");
    autosave.stop();
    expect(timers.size).toBe(0);
    resolve("2");
    await autosave.flush();
    expect(saved).toEqual([["a", "1"]]);
  });
});
