import * as z from "zod";

/** Far above what is asked for; below what would hurt an isolate. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const SYSTEM_ERROR = /^[A-Z][A-Z_]{2,39}$/;

const Envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number() }).nullish(),
});

/** `url` may hold an API key: nothing but `name` is ever said of a provider. */
export interface RpcEndpoint {
  readonly name: string;
  readonly url: string;
}

/** `refused`: no answer at all, or one whose HTTP status is none. `error`: an answer that says nothing or cannot be used. */
export type FaultKind = "timeout" | "refused" | "error";

/**
 * What one provider did not do. Its message is made of our own words, the provider's name and numbers: what providers
 * and runtimes write may repeat a URL with its key.
 */
export class RpcFault extends Error {
  readonly kind: FaultKind;
  readonly rpcCode: number | undefined;

  constructor(provider: string, method: string, kind: FaultKind, what: string, rpcCode?: number) {
    super(`${provider}: ${method}: ${what}`);
    this.name = "RpcFault";
    this.kind = kind;
    this.rpcCode = rpcCode;
  }
}

/** Integers that a double cannot hold come back as bigint; everything else as JSON has it. */
export function parseJson(text: string): unknown {
  const revive = (_name: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, revive);
}

/** The whole body, or undefined when it is larger than anything that was asked for. */
async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readEnvelope(text: string): z.infer<typeof Envelope> | undefined {
  try {
    return Envelope.parse(parseJson(text));
  } catch {
    return undefined;
  }
}

/** The runtime's word for why there was no answer, such as ECONNREFUSED. */
function systemErrorOf(error: unknown): string {
  const code: unknown = ((error as Error | undefined)?.cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && SYSTEM_ERROR.test(code) ? ` (${code})` : "";
}

export type PostRpc = typeof postRpc;

/**
 * One exchange: what stands under `result`, not looked at yet. Redirects are not followed, so that nobody is sent
 * where the configuration does not lead.
 * @throws RpcFault
 */
export async function postRpc(
  { name, url }: RpcEndpoint,
  method: string,
  params: readonly unknown[],
  timeoutMs: number,
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const fault = (kind: FaultKind, what: string, code?: number): RpcFault =>
    new RpcFault(name, method, kind, what, code);
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      // Workers do not know "error".
      redirect: "manual",
      signal,
    });
    text = await readText(response);
  } catch (error) {
    throw signal.aborted ? fault("timeout", "no answer in time") : fault("refused", `no answer${systemErrorOf(error)}`);
  }
  if (!response.ok) throw fault("refused", `status ${response.status}`);
  const envelope = text === undefined ? undefined : readEnvelope(text);
  if (!envelope) throw fault("error", "no JSON-RPC answer");
  if (envelope.error) throw fault("error", `JSON-RPC error ${envelope.error.code}`, envelope.error.code);
  return envelope.result;
}
