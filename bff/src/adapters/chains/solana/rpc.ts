import * as z from "zod";
import { type FaultKind, type PostRpc, RpcFault } from "../rpc/fault.ts";
import { exchangeHttp, parseJson } from "../rpc/http-exchange.ts";

const Envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number() }).nullish(),
});

function readEnvelope(text: string): z.infer<typeof Envelope> | undefined {
  try {
    return Envelope.parse(parseJson(text));
  } catch {
    return undefined;
  }
}

/** JSON-RPC 2.0: what stands under `result`, not looked at yet. */
export const postRpc: PostRpc = async ({ name, url }, method, params, timeoutMs) => {
  const fault = (kind: FaultKind, what: string, code?: number): RpcFault =>
    new RpcFault(name, method, kind, what, code);
  const { status, text } = await exchangeHttp(
    { provider: name, method, url, timeoutMs },
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    },
  );
  if (status < 200 || status > 299) throw fault("refused", `status ${status}`);
  const envelope = text === undefined ? undefined : readEnvelope(text);
  if (!envelope) throw fault("error", "no JSON-RPC answer");
  if (envelope.error) throw fault("error", `JSON-RPC error ${envelope.error.code}`, envelope.error.code);
  return envelope.result;
};
