import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { assertPortFree, findFreePort } from "./ports.ts";

const HOST = "127.0.0.1";
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function occupy(port: number): Promise<void> {
  const server = createServer();
  closers.push(() => server.close());
  await new Promise<void>((resolve) => void server.listen(port, HOST, resolve));
}

describe("ports", () => {
  test("a found port can be bound", async () => {
    const port = await findFreePort(HOST);
    await expect(assertPortFree(HOST, port, "API")).resolves.toBeUndefined();
  });

  test("a taken port is reported with its number, its purpose and the way out", async () => {
    const port = await findFreePort(HOST);
    await occupy(port);
    await expect(assertPortFree(HOST, port, "API")).rejects.toThrow(
      `Port ${port} (API) is taken by another process; stop it or set PORT=…`,
    );
  });

  test("checking a port leaves it free", async () => {
    const port = await findFreePort(HOST);
    await assertPortFree(HOST, port, "API");
    await assertPortFree(HOST, port, "API");
    await expect(occupy(port)).resolves.toBeUndefined();
  });
});
