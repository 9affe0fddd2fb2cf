import { expect, test } from "vitest";
import type { Draft } from "../../../../bff/src/contract/manage/policies.ts";
import { createClient } from "../../api/client.ts";
import { createFakeFetch } from "../fake-api.ts";
import { policiesFake } from "./policies.ts";
import { PROJECT_ID } from "./world.ts";

async function scene() {
  const fetch = createFakeFetch(policiesFake({ role: "owner", state: "busy" }));
  const api = createClient({ fetch, token: () => Promise.resolve("token") });
  const params = { projectId: PROJECT_ID, network: "solana:devnet" };
  const { data } = await api.call("listDrafts", { params });
  const draft = data[0] as Draft;
  return {
    draft,
    publish: (document: Draft["document"], expectedVersion: number, draftId?: string) =>
      api.call("publishPolicy", { params, body: { document, expectedVersion, ...(draftId && { draftId }) } }),
    remove: () => api.call("removeDraft", { params: { ...params, draftId: draft.id } }),
    countDrafts: async () => (await api.call("listDrafts", { params })).data.length,
  };
}

test("a draft goes when it is published as it is, and stays when it was saved anew meanwhile", async () => {
  const { draft, publish, countDrafts } = await scene();
  const earlier = { ...draft.document, maxFee: "30000" };
  expect(await publish(earlier, 3, draft.id)).toEqual({ version: 4, isNew: true });
  expect(await countDrafts()).toBe(1);
  expect(await publish(draft.document, 4, draft.id)).toEqual({ version: 5, isNew: true });
  expect(await countDrafts()).toBe(0);
  await expect(publish(draft.document, 5, draft.id)).rejects.toMatchObject({ status: 404 });
});

test("what is in force already is no new version, and what has an error is none at all", async () => {
  const { draft, publish } = await scene();
  await publish(draft.document, 3);
  expect(await publish(draft.document, 4)).toEqual({ version: 4, isNew: false });
  await expect(publish({ ...draft.document, maxFee: "1" }, 4)).rejects.toMatchObject({ status: 422 });
});

test("a draft that is gone cannot be removed again", async () => {
  const { remove } = await scene();
  await remove();
  await expect(remove()).rejects.toMatchObject({ status: 404 });
});
