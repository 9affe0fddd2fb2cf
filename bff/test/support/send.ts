import type { ApiAnswer, ApiTarget } from "@gasless/localnet/api-client";

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** A request with these headers and no others of ours: what a page would never send, an attacker would. */
export async function send<Body = Record<string, unknown>>(
  { api }: Pick<ApiTarget, "api">,
  method: string,
  path: string,
  { headers, body }: RawRequest = {},
): Promise<ApiAnswer<Body>> {
  const response = await fetch(`${api}${path}`, {
    method,
    ...(headers && { headers: { ...headers } }),
    ...(body !== undefined && { body }),
    ...(body instanceof ReadableStream && { duplex: "half" }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

/** The headers of a page of the project. */
export const pageOf = ({ origin, publishableKey }: ApiTarget) => ({ origin, "gasless-key": publishableKey });
