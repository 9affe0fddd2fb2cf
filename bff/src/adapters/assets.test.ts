import { describe, expect, test } from "vitest";
import { createAssets } from "./assets.ts";

/** Reads `docs.html` of a server that answers so. */
const read = (answer: () => Promise<Response>) => createAssets({ fetch: answer }).read("docs.html");

describe("a file beside the worker", () => {
  test("is asked for by its name", async () => {
    const asked: string[] = [];
    const assets = createAssets({ fetch: async (url) => (asked.push(new URL(url).pathname), new Response("a page")) });
    expect(await assets.read("docs.html")).toBe("a page");
    expect(asked).toEqual(["/docs.html"]);
  });

  test.each([404, 500, 204, 307])("that is answered with status %i is not taken for one", async (status) => {
    const answer = async () => new Response(null, { status });
    await expect(read(answer)).rejects.toMatchObject({
      code: "internal.unexpected",
      options: { cause: new Error(`the asset docs.html was answered with status ${status}`) },
    });
  });

  test("that cannot be asked for, or read to its end, is a fault of ours", async () => {
    const cause = new Error("no such binding");
    await expect(read(async () => Promise.reject(cause))).rejects.toMatchObject({
      code: "internal.unexpected",
      options: { cause },
    });
    const half = new ReadableStream({ start: (controller) => controller.error(cause) });
    await expect(read(async () => new Response(half))).rejects.toMatchObject({ code: "internal.unexpected" });
  });
});
