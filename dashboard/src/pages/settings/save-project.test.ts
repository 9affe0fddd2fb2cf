import { expect, test } from "vitest";
import { createClient } from "../../api/client.ts";
import { createFakeFetch, FakeProblem } from "../../testing/fake-api.ts";
import { fakeProject } from "../../testing/fake/world.ts";
import { saveProject } from "./save-project.ts";

const seen = fakeProject({ version: "3" });

/** An API whose project is another by now. */
function scene(now: ReturnType<typeof fakeProject>) {
  const tried: string[] = [];
  let refreshes = 0;
  const fetch = createFakeFetch({
    readProject: () => now,
    changeProject: ({ body }) => {
      tried.push(body.version);
      if (body.version !== now.version) throw new FakeProblem(409, "manage.conflict", "Somebody was faster.");
      return { ...now, name: body.name ?? now.name };
    },
  });
  const api = createClient({ fetch, token: async () => "fake" });
  const save = () =>
    saveProject(
      { api, refresh: async () => void (refreshes += 1) },
      seen,
      { name: "Kiosk" },
      ({ name }) => name === seen.name,
    );
  return { save, tried, refreshes: () => refreshes };
}

test("a version that went on by an origin or a key is no conflict", async () => {
  const { save, tried } = scene({ ...seen, version: "5" });
  expect((await save()).name).toBe("Kiosk");
  expect(tried).toEqual(["5"]);
});

test("what somebody else changed is never written over: the page is given theirs", async () => {
  const { save, tried, refreshes } = scene({ ...seen, version: "5", name: "Booth 2" });
  await expect(save()).rejects.toMatchObject({ code: "manage.conflict" });
  expect({ tried, refreshes: refreshes() }).toEqual({ tried: ["3"], refreshes: 1 });
});
