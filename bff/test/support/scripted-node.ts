import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the node says to a call: a result, or a whole answer that may be nonsense. */
export type Script = (
  method: string,
  params: unknown,
) => { result: unknown } | { status?: number; text: string } | "hang";

export interface ScriptedNode extends AsyncDisposable {
  readonly url: string;
  /** Methods in the order in which they were called. */
  readonly calls: readonly string[];
}

export const GENESIS_HASH = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";

/** A node on loopback that lies as it is told; it proves its genesis unless the script answers that too. */
export async function startScriptedNode(script: Script): Promise<ScriptedNode> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, params } = JSON.parse(Buffer.concat(chunks).toString()) as { method: string; params: unknown };
      calls.push(method);
      const answer = script(method, params);
      if (answer === "hang") return;
      const text = "text" in answer ? answer.text : JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer });
      response.writeHead("text" in answer ? (answer.status ?? 200) : 200, { "content-type": "application/json" });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers the genesis hash by itself and everything else with one result. */
export const always =
  (result: unknown): Script =>
  (method) => ({ result: method === "getGenesisHash" ? GENESIS_HASH : result });
