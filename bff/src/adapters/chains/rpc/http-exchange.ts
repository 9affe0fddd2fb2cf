import { type FaultKind, RpcFault } from "./fault.ts";

/** Far above what is asked for; below what would hurt an isolate. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const SYSTEM_ERROR = /^[A-Z][A-Z_]{2,39}$/;

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

/** The runtime's word for why there was no answer, such as ECONNREFUSED. */
function systemErrorOf(error: unknown): string {
  const code: unknown = ((error as Error | undefined)?.cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && SYSTEM_ERROR.test(code) ? ` (${code})` : "";
}

/** Whom is asked, and for what: for the fault's message. */
export interface Question {
  readonly provider: string;
  readonly method: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/**
 * One request and the text of its answer; undefined where that is too long. Redirects are not followed, so that nobody is
 * sent where the configuration does not lead. @throws RpcFault when there was no answer
 */
export async function exchangeHttp(
  { provider, method, url, timeoutMs }: Question,
  request: RequestInit,
): Promise<{ readonly status: number; readonly text: string | undefined }> {
  const signal = AbortSignal.timeout(timeoutMs);
  const fault = (kind: FaultKind, what: string): RpcFault => new RpcFault(provider, method, kind, what);
  try {
    // Workers do not know "error".
    const response = await fetch(url, { ...request, redirect: "manual", signal });
    return { status: response.status, text: await readText(response) };
  } catch (error) {
    throw signal.aborted ? fault("timeout", "no answer in time") : fault("refused", `no answer${systemErrorOf(error)}`);
  }
}
