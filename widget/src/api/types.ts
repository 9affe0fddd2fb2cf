/** The wire as this widget reads it. Written out here so that the package's typings stand alone; see contract.test.ts. */
export interface ProjectConfig {
  readonly project: { readonly id: string; readonly name: string; readonly environment: "test" | "live" };
  readonly networks: readonly {
    readonly network: string;
    readonly sponsorAddress: string;
    readonly explorer: string | null;
  }[];
}

/** What a text to sign in with consists of; on Solana the Wallet Standard's `SolanaSignInInput`. */
export interface SignInFields {
  readonly domain: string;
  readonly statement: string;
  readonly uri: string;
  readonly version: string;
  readonly chainId: string;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime: string;
  readonly requestId: string;
  readonly resources: readonly string[];
}

export interface Challenge {
  readonly challengeId: string;
  readonly expiresAt: string;
  /** The exact text, when the challenge was asked for an address. */
  readonly message?: string | undefined;
  readonly fields: SignInFields;
  /** What its method signs instead of the text, base64. */
  readonly payload?:
    | {
        readonly transaction?: string | undefined;
        readonly data?: string | undefined;
        readonly authenticatorData?: string | undefined;
      }
    | undefined;
}

export interface Session {
  readonly id: string;
  readonly network: string;
  /** `<family>:<address>` */
  readonly wallet: string;
  readonly amr: readonly string[];
  readonly createdAt: string;
  readonly idleExpiresAt: string;
  readonly expiresAt: string;
}

export interface SessionTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: "Bearer" | "DPoP";
  /** Seconds. */
  readonly expiresIn: number;
  readonly user: { readonly id: string };
  readonly session: Session;
}

export interface AllowanceLimit {
  readonly window: "hour" | "day" | "month" | "lifetime";
  readonly unit: "relays" | "fee" | "rent";
  /** Base units (or a count of relays) as decimal strings. */
  readonly limit: string;
  readonly used: string;
  readonly held: string;
  readonly resetsAt: string | null;
}

export interface Allowance {
  readonly network: string;
  readonly limits: readonly AllowanceLimit[];
}

export interface PreparedRelay {
  readonly feePayer: string;
  readonly lifetime:
    | { readonly blockhash: string; readonly lastValidBlockHeight: number }
    | { readonly firstValid: number; readonly lastValid: number; readonly genesisHash: string };
  /** Of a group, all of it, unsigned and base64: the sponsor's transaction first. */
  readonly transactions?: readonly string[] | undefined;
}

export type RelayState =
  | "received"
  | "signed"
  | "submitted"
  | "confirmed"
  | "finalized"
  | "rejected"
  | "failed"
  | "expired";

/** The record of one sponsored transaction, or group. Amounts are decimal strings in base units (lamports, microalgos). */
export interface Relay {
  readonly id: string;
  readonly network: string;
  readonly state: RelayState;
  readonly transactionId?: string | undefined;
  /** Of a group, base64; it stands with `transactionIds` in the place of `transactionId`. */
  readonly groupId?: string | undefined;
  readonly transactionIds?: readonly string[] | undefined;
  readonly fee: { readonly quoted: string; readonly charged: string | null };
  readonly rent: { readonly quoted: string; readonly charged: string | null };
  readonly failure: {
    readonly code: string;
    readonly detail: string;
    readonly context?: Readonly<Record<string, unknown>> | undefined;
  } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly slot?: number | undefined;
}

const FINAL_STATES: ReadonlySet<RelayState> = new Set(["finalized", "rejected", "failed", "expired"]);

/** True when a relay has ended, one way or the other. */
export const isFinal = ({ state }: Relay): boolean => FINAL_STATES.has(state);

/** The transaction, or the user's last one of a group, as an explorer knows it. */
export const idOf = ({ transactionId, transactionIds }: Relay): string | undefined =>
  transactionId ?? transactionIds?.at(-1);

export interface RelayList {
  readonly data: readonly Relay[];
}

/** `application/problem+json` */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly requestId: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}
