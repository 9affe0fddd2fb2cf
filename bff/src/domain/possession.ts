/** A proof that its maker holds a key. */
export interface Possession {
  /** RFC 7638 thumbprint of the key. */
  readonly keyThumbprint: string;
  /** Of this proof alone: whoever sees it twice sees a replay. */
  readonly jti: string;
}

/** The call that a proof must have been made for. */
export interface ProvenCall {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  /** The token that was sent along. */
  readonly accessToken: string | undefined;
}
