interface HeaderNote {
  readonly description: string;
  readonly example: string;
}

export const REQUEST_HEADERS = {
  "Gasless-Key": {
    description:
      "The project's publishable key. Needed where there is no access token yet; beside a token it must be of the same project.",
    example: "pk_test_…",
  },
  Authorization: {
    description: "The session's `tokenType` and its access token.",
    example: "DPoP eyJ0eXAi…",
  },
  DPoP: {
    description:
      "A proof of the key that a challenge or session is bound to, made for this very call (RFC 9449): an ES256 JWT of type `dpop+jwt` with its public `jwk`, the method as `htm`, the URL without query as `htu`, `iat` within a minute of the answers' `Date`, a `jti` never used before, and with an access token its hash as `ath`.",
    example: "eyJ0eXAiOiJkcG9wK2p3dCIs…",
  },
  Origin: {
    description:
      "One of the project's exact origins, and the one that the session was opened from. Browsers send it by themselves; without it only a same-origin GET (`Sec-Fetch-Site: same-origin`) is served.",
    example: "https://shop.example",
  },
  "Content-Type": { description: "On every POST.", example: "application/json" },
  "Idempotency-Key": {
    description: "1 to 255 visible ASCII characters, new for each intent.",
    example: "order-4711",
  },
} as const satisfies Readonly<Record<string, HeaderNote>>;

export const RESPONSE_HEADERS: Readonly<Record<string, HeaderNote>> = {
  "Request-Id": { description: "Names this request in the service's log.", example: "req_01jf8zr7w8t2b6x4h9d3g5k1qe" },
  RateLimit: {
    description: "The tightest limit: what remains (`r`) and the seconds until it is whole again (`t`).",
    example: '"user";r=299;t=60',
  },
  "RateLimit-Policy": {
    description: "That limit: how many (`q`) in how many seconds (`w`).",
    example: '"user";q=300;w=60',
  },
  "Retry-After": { description: "Whole seconds to wait before asking again.", example: "5" },
  "Idempotent-Replayed": { description: "`true` when this is an earlier answer, given again.", example: "true" },
  "WWW-Authenticate": { description: "On every 401.", example: 'DPoP error="invalid_dpop_proof", algs="ES256"' },
  ETag: {
    description: "Of the public keys: send it back as `If-None-Match` and get 304 while they are the same.",
    example: 'W/"3vT1a…"',
  },
  "Cache-Control": { description: "`no-store`, except for the public keys and documents.", example: "no-store" },
};
