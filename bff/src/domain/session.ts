export interface AccessClaims {
  readonly projectId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly wallet: string;
  readonly origin: string;
  readonly amr: readonly string[];
  /** RFC 7638 thumbprint of the key that the session is bound to; undefined: a Bearer session. */
  readonly keyThumbprint: string | undefined;
}

export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  readonly network: string;
  readonly wallet: string;
  readonly amr: readonly string[];
  readonly keyThumbprint: string | undefined;
  readonly createdAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

export interface UserWallet {
  readonly wallet: string;
  readonly linkedAt: string;
}

export interface NewSession {
  readonly projectId: string;
  readonly revision: bigint;
  readonly keyId: string;
  readonly nonce: string;
  readonly challengeExpiresAtMs: number;
  readonly newUserId: string;
  readonly wallet: string;
  readonly network: string;
  readonly origin: string;
  readonly amr: readonly string[];
  readonly sessionId: string;
  readonly keyThumbprint: string | undefined;
}

/** A wallet that was proved for a user who is signed in. */
export interface NewLink {
  readonly projectId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly nonce: string;
  readonly challengeExpiresAtMs: number;
  readonly wallet: string;
}

export interface RefreshIntent {
  readonly projectId: string;
  readonly keyId: string;
  readonly sessionId: string;
  readonly counter: number;
  readonly origin: string;
  readonly keyThumbprint: string | undefined;
}

export interface RefreshOutcome {
  readonly outcome:
    | "rotated"
    | "repeated"
    | "reused"
    | "revoked"
    | "expired"
    | "foreign_origin"
    | "foreign_key"
    | "invalid";
  readonly counter: number;
  readonly session: SessionRecord;
  readonly wallets: readonly UserWallet[];
}
