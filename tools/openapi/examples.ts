interface Example {
  readonly query?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: unknown;
}

const NETWORK = "solana:localnet";
const ADDRESS = "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q";
const WALLET = `solana:${ADDRESS}`;
const SPONSOR = "Gas1essSponsor1111111111111111111111111111";
const PROJECT_ID = "prj_01jf8zq0k3f7c9v2m5n8p1r4st";
const SESSION_ID = "ses_01jf8zq0k3f7c9v2m5n8p1r4st";
const RELAY_ID = "rly_01jf8zr7w8t2b6x4h9d3g5k1qe";
const NONCE = "5b1f0c9e7a3d42868f90a1c26931f4506d8e2b7a41c05f93e8d7b624a01c3f5e";
const SIGNATURE = "pT0bqN7cW3yK1u5rXo9aEw2ZsLh8mVf4gRj6QdIxUtBnCvYzPkMaHlSeGiFoDuJwXrKqTbNyVcZmLpAsEdRfCw==";
const REFRESH_TOKEN = "rt1.k1.ses_01jf8zq0k3f7c9v2m5n8p1r4st.0.8Yt2vR…";

const user = {
  id: "usr_01jf8zq0k3f7c9v2m5n8p1r4st",
  wallets: [{ wallet: WALLET, linkedAt: "2026-08-01T09:30:12.000Z" }],
};
const session = {
  id: SESSION_ID,
  network: NETWORK,
  wallet: WALLET,
  amr: ["message"],
  createdAt: "2026-08-01T09:30:12.000Z",
  idleExpiresAt: "2026-08-02T09:30:12.000Z",
  expiresAt: "2026-08-08T09:30:12.000Z",
};
const tokens = {
  accessToken: "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.…",
  refreshToken: REFRESH_TOKEN,
  tokenType: "DPoP",
  expiresIn: 300,
  user,
  session,
};
const fields = {
  domain: "shop.example",
  address: ADDRESS,
  statement: "Sign in to the shop.",
  uri: "https://shop.example",
  version: "1",
  chainId: "localnet",
  nonce: NONCE,
  issuedAt: "2026-08-01T09:30:00.000Z",
  expirationTime: "2026-08-01T09:35:00.000Z",
  requestId: `chl_${NONCE}`,
  resources: [`{api}/v1/projects/${PROJECT_ID}`],
};
const message = [
  `${fields.domain} wants you to sign in with your Solana account:`,
  ADDRESS,
  "",
  fields.statement,
  "",
  `URI: ${fields.uri}`,
  "Version: 1",
  `Chain ID: ${fields.chainId}`,
  `Nonce: ${NONCE}`,
  `Issued At: ${fields.issuedAt}`,
  `Expiration Time: ${fields.expirationTime}`,
  `Request ID: ${fields.requestId}`,
  "Resources:",
  `- ${fields.resources[0]}`,
].join("\n");
const proof = {
  challengeId: `chl_${NONCE}`,
  network: NETWORK,
  address: ADDRESS,
  method: "message",
  signature: SIGNATURE,
};
const relay = {
  id: RELAY_ID,
  network: NETWORK,
  state: "signed",
  transactionId: "4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZAMdL4VZHirAn1Rkz6Xq7bhYvCF8eJtdQ",
  fee: { quoted: "10000", charged: null },
  rent: { quoted: "0", charged: null },
  failure: null,
  createdAt: "2026-08-01T09:31:40.120Z",
  updatedAt: "2026-08-01T09:31:40.210Z",
};
const landed = {
  ...relay,
  state: "finalized",
  fee: { quoted: "10000", charged: "10000" },
  rent: { quoted: "0", charged: "0" },
  updatedAt: "2026-08-01T09:31:54.870Z",
  slot: 318204417,
};

/** One call and its answer per operation; tests hold them against the schemas. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  readConfig: {
    response: {
      project: { id: PROJECT_ID, name: "Shop", environment: "test" },
      networks: [{ network: NETWORK, sponsorAddress: SPONSOR, explorer: null }],
      signInMethods: ["siws", "message", "offchain", "memo-transaction", "local"],
      theme: {},
      locale: "en",
    },
  },
  createChallenge: {
    request: { network: NETWORK, address: ADDRESS, method: "message" },
    response: { challengeId: `chl_${NONCE}`, nonce: NONCE, expiresAt: fields.expirationTime, message, fields },
  },
  createSession: {
    request: proof,
    response: tokens,
  },
  refreshSession: { request: { refreshToken: REFRESH_TOKEN }, response: tokens },
  readCurrentSession: { response: { user, session } },
  listSessions: { response: { data: [{ ...session, current: true }] } },
  endSession: { id: SESSION_ID },
  listWallets: { response: { data: user.wallets } },
  linkWallet: {
    request: proof,
    response: user.wallets[0],
  },
  unlinkWallet: { id: WALLET },
  readAllowance: {
    query: { network: NETWORK },
    response: {
      network: NETWORK,
      limits: [
        { window: "day", unit: "relays", limit: "20", used: "3", held: "1", resetsAt: "2026-08-02T00:00:00.000Z" },
        {
          window: "day",
          unit: "fee",
          limit: "200000",
          used: "30000",
          held: "10000",
          resetsAt: "2026-08-02T00:00:00.000Z",
        },
      ],
    },
  },
  prepareRelay: {
    request: { network: NETWORK },
    response: {
      network: NETWORK,
      feePayer: SPONSOR,
      lifetime: { blockhash: "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin", lastValidBlockHeight: 301442187 },
      quote: { fee: "10000", rent: "0" },
    },
  },
  createRelay: {
    request: { network: NETWORK, transaction: `Ag${"A".repeat(42)}` },
    response: relay,
  },
  explainRelay: {
    request: { network: NETWORK, transaction: `Ag${"A".repeat(42)}` },
    response: {
      verdict: "refuse",
      policyVersion: 3,
      cost: { fee: "10000", rent: "0" },
      trace: [
        { rule: "fee-payer-is-sponsor", verdict: "pass" },
        {
          rule: "signers-have-signed",
          verdict: "skip",
          hint: "Somebody still has to sign.",
        },
        {
          rule: "instructions-are-allowed",
          verdict: "fail",
          code: "policy.value_exceeded",
          observed: "750000000",
          limit: "500000000",
          instruction: 1,
          hint: "Change the transaction, or widen the entry in `allow` of the policy.",
        },
        { rule: "fee-within-limit", verdict: "pass", observed: "10000", limit: "100000" },
        {
          rule: "budget-user-day-relays",
          verdict: "pass",
          observed: "1",
          limit: "20",
          remaining: "16",
          resetsAt: "2026-08-02T00:00:00.000Z",
        },
      ],
    },
  },
  readRelay: { id: RELAY_ID, query: { wait: "25", after: "signed" }, response: landed },
  listRelays: { query: { limit: "1" }, response: { data: [landed], nextCursor: RELAY_ID } },
  readLiveness: { response: { status: "live" } },
  readReadiness: { response: { status: "ready", dependencies: ["sql", "redis", NETWORK] } },
  readPublicKeys: {
    response: {
      keys: [{ kty: "EC", crv: "P-256", alg: "ES256", use: "sig", kid: "NzbLsXh8…", x: "f83OJ3D2…", y: "x_FEzRu9…" }],
    },
  },
  readOpenApi: { response: { openapi: "3.1.0", info: { title: "Gasless", version: "1" } } },
};

export const PROBLEM_EXAMPLE = {
  type: "{api}/docs#policy.program_not_allowed",
  title: "This program is not sponsored",
  status: 403,
  code: "policy.program_not_allowed",
  detail: "The program of instruction 1 is not on this project's list.",
  instance: "/v1/relays",
  requestId: "req_01jf8zr7w8t2b6x4h9d3g5k1qe",
  context: { instruction: 1 },
};
