/** `url` may hold an API key: nothing but `name` is ever said of a provider. */
export interface RpcEndpoint {
  readonly name: string;
  readonly url: string;
  /** Goes into a header of its own, where the provider wants one. */
  readonly apiToken?: string | undefined;
}

/** `refused`: no answer at all, or one whose HTTP status is none. `error`: an answer that says nothing or cannot be used. */
export type FaultKind = "timeout" | "refused" | "error";

/**
 * What one provider did not do. Its message is made of our own words, the provider's name and numbers: what providers
 * and runtimes write may repeat a URL with its key.
 */
export class RpcFault extends Error {
  readonly kind: FaultKind;
  /** The code of a JSON-RPC error, or an HTTP status that means something to the caller. */
  readonly rpcCode: number | undefined;

  constructor(provider: string, method: string, kind: FaultKind, what: string, rpcCode?: number) {
    super(`${provider}: ${method}: ${what}`);
    this.name = "RpcFault";
    this.kind = kind;
    this.rpcCode = rpcCode;
  }
}

/**
 * One exchange with a provider: what it answered to the method, not looked at yet. @throws RpcFault
 */
export type PostRpc = (
  endpoint: RpcEndpoint,
  method: string,
  params: readonly unknown[],
  timeoutMs: number,
) => Promise<unknown>;
