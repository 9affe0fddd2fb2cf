import { createServer } from "node:net";
import { expect, test } from "vitest";
import { localUrl, planPorts } from "./port-plan.ts";

const HOST = "127.0.0.1";

test("free ports are laid out as the documented ones are", async () => {
  const { api, ...others } = await planPorts(HOST, 0);
  expect(api).toBeGreaterThan(0);
  expect(others).toEqual({
    demo: api + 1,
    solanaRpc: api + 10,
    solanaWebsocket: api + 11,
    algod: api + 20,
    walletBridge: api + 21,
  });
  await expect(planPorts(HOST, api)).resolves.toEqual({ api, ...others });
});

test.each([
  ["API", 0],
  ["demo page", 1],
  ["Solana RPC", 10],
  ["Solana websocket", 11],
  ["Algorand node", 20],
  ["WalletConnect bridge", 21],
])("a taken port of the %s is named with its purpose", async (purpose, offset) => {
  const { api } = await planPorts(HOST, 0);
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(api + offset, HOST, resolve));
  try {
    const message = `Port ${api + offset} (${purpose}) is taken by another process; stop it or set PORT=…`;
    await expect(planPorts(HOST, api)).rejects.toThrow(message);
  } finally {
    taken.close();
  }
});

test("an address is one that a browser on this machine can open", () => {
  expect(localUrl("127.0.0.1", 1)).toBe("http://127.0.0.1:1");
  expect(localUrl("0.0.0.0", 1)).toBe("http://127.0.0.1:1");
  expect(localUrl("::", 1, "ws")).toBe("ws://[::1]:1");
  expect(localUrl("LocalHost", 80)).toBe("http://localhost");
});
