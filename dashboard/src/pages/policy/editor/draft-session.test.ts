import type { ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "../../../api/client.ts";
import { createFakeFetch } from "../../../testing/fake-api.ts";
import { policiesFake } from "../../../testing/fake/policies.ts";
import { fakeId, PROJECT_ID, USER_ID } from "../../../testing/fake/world.ts";
import { DraftSession } from "./draft-session.ts";

const PLACE = { projectId: PROJECT_ID, network: "solana:devnet", draftId: fakeId("pol", 1) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function openSession() {
  const host = { addController: () => undefined, requestUpdate: () => undefined } as unknown as ReactiveControllerHost;
  const fetch = createFakeFetch(policiesFake({ role: "owner", state: "busy" }));
  const api = createClient({ fetch, token: async () => "fake" });
  const session = new DraftSession(host, {
    api: () => api,
    userId: () => USER_ID,
    place: () => PLACE,
    isReadOnly: () => false,
  });
  await session.open(PLACE);
  const check = () => vi.advanceTimersByTimeAsync(500);
  await check();
  return { session, check };
}

test("the fixes of a draft take back nothing that was changed since they were found", async () => {
  const { session, check } = await openSession();
  expect(session.checker.mended).toBeDefined();
  session.set(["maxFee"], "7000");
  session.mend();
  expect(session.document["maxFee"]).toBe("7000");
  await check();
  const { mended } = session.checker;
  session.mend();
  expect(session.document).toBe(mended);
});
