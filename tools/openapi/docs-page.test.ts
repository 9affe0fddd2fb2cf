import { expect, test } from "vitest";
import { ROUTES } from "../../bff/src/contract/routes.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";
import { renderDocs } from "./docs-page.ts";
import { readRunbooks } from "./page/runbooks.ts";

const page = renderDocs();
const ids = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id = ""]) => id));

test("every error code, every call and every alert has its anchor", () => {
  const alerts = readRunbooks().map(({ kind }) => kind);
  const wanted = [...Object.keys(PROBLEMS), ...ROUTES.map(({ operationId }) => operationId), ...alerts];
  expect(alerts).toContain("ledger.difference");
  expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
});

test("the whole of a generated page stays small on the wire: at most 1.14 kB for each call, as when there were 21", async () => {
  const stream = new Blob([page]).stream().pipeThrough(new CompressionStream("gzip"));
  expect((await new Response(stream).arrayBuffer()).byteLength / ROUTES.length).toBeLessThan(1_140);
});
