import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { BEFORE_ITS_ALARM, CRASH_POINTS, strikeBeforeItsAlarm, strikeOnce } from "./04-crash.ts";
import { audit } from "./audit.ts";
import { openScene, type Scene } from "./drill.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ postgresUrl: inject("postgresUrl"), scale: "short" });
});
afterAll(() => scene.close());

describe("workerd is killed with SIGKILL", () => {
  test.each(CRASH_POINTS)("$name", async (point) => {
    await strikeOnce(scene, point);
    await audit(scene);
  });

  test(BEFORE_ITS_ALARM.name, async () => {
    await strikeBeforeItsAlarm(scene);
    await audit(scene);
  });
});
