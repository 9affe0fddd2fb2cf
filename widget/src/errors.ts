/** What the widget itself finds; every other code is one of the API's (`docs/errors.md`). */
export type WidgetErrorCode =
  | "network.offline"
  | "network.unreachable"
  | "widget.misconfigured"
  | "widget.closed"
  | "wallet.rejected"
  | "wallet.timeout"
  | "wallet.locked"
  | "wallet.busy"
  | "wallet.not_found"
  | "wallet.unreachable"
  | "wallet.disconnected"
  | "wallet.unsupported"
  | "wallet.account_changed"
  | "wallet.message_changed"
  | "wallet.transaction_changed"
  | "wallet.failed"
  | "relay.untrusted"
  | "relay.unfinished";

export interface GaslessErrorDetails {
  /** Whole seconds until trying again makes sense. */
  readonly retryAfterSeconds?: number | undefined;
  /** The API's `Request-Id`, for whoever looks into its logs. */
  readonly requestId?: string | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** Every way in which something of the widget can fail: `code` for programs, `message` for people. */
export class GaslessError extends Error {
  /** By its name: another copy of this code, as in a chunk of its own, makes the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (value as Error | null)?.name === "GaslessError";
  }

  override readonly name = "GaslessError";
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  readonly requestId: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: WidgetErrorCode | (string & {}), message: string, details: GaslessErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.requestId = details.requestId;
    this.context = details.context ?? {};
  }
}

export const toGaslessError = (error: unknown): GaslessError =>
  error instanceof GaslessError
    ? error
    : new GaslessError("wallet.failed", error instanceof Error ? error.message : String(error), { cause: error });

/** The session is over, whatever the reason: only a new sign-in helps. */
export const isSessionEnd = (error: unknown): boolean =>
  error instanceof GaslessError &&
  ["auth.session_revoked", "auth.refresh_reused", "auth.token_invalid", "auth.token_expired"].includes(error.code);
