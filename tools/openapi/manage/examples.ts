interface ManageExample {
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: unknown;
}

const COMPUTE_BUDGET_PROGRAM = "ComputeBudget111111111111111111111111111111";
const NETWORK = "solana:devnet";
const ADDRESS = "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q";
const WALLET = `solana:${ADDRESS}`;
const SUFFIX = "01jf8zq0k3f7c9v2m5n8p1r4st";
const AT = "2026-08-01T09:30:12.000Z";
const DECISION_ID = "req_01jf8zr7w8t2b6x4h9d3g5k1qe";

/** Of each name that stands in a path. */
export const PARAMETER_EXAMPLES: Readonly<Record<string, string>> = {
  organizationId: `org_${SUFFIX}`,
  projectId: `prj_${SUFFIX}`,
  userId: `usr_${SUFFIX}`,
  sessionId: `ses_${SUFFIX}`,
  invitationId: `inv_${SUFFIX}`,
  keyId: `key_${SUFFIX}`,
  sponsorId: `spn_${SUFFIX}`,
  draftId: `pol_${SUFFIX}`,
  jobId: `job_${SUFFIX}`,
  relayId: `rly_${SUFFIX}`,
  decisionId: DECISION_ID,
  network: NETWORK,
  version: "3",
  address: ADDRESS,
  origin: "https://shop.example",
};

const document = {
  allow: [
    { program: "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr", instruction: "memo" },
    { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitLimit" },
    { program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitPrice" },
  ],
  walletAssertions: true,
  maxSignatures: 2,
  maxFee: "15000",
  maxComputeUnits: 100_000,
  maxComputeUnitPrice: "50000",
};
const organization = { id: `org_${SUFFIX}`, name: "Shop Ltd", version: "1", createdAt: AT };
const membership = { organization, role: "owner" };
const user = { id: `usr_${SUFFIX}`, wallets: [WALLET] };
const project = {
  id: `prj_${SUFFIX}`,
  organizationId: organization.id,
  name: "Shop",
  environment: "test",
  status: "active",
  version: "1",
  statement: "Sign in to Shop. This is free and sends no transaction.",
  theme: {},
  locale: "auto",
  requestsPerMinute: 6_000,
  addressRequestsPerMinute: 120,
  addressSignInsPerMinute: 30,
  keyRequestsPerMinute: 6_000,
  userRelaysPerMinute: 30,
  networks: [NETWORK],
  createdAt: AT,
};
const key = {
  id: `key_${SUFFIX}`,
  kind: "secret",
  name: "Order service",
  lastFour: "x7Qd",
  scopes: ["traffic:read", "lists:write"],
  createdAt: AT,
  lastUsedAt: null,
  endsAt: null,
  isActive: true,
  key: "sk_test_…x7Qd",
};
const job = {
  id: `job_${SUFFIX}`,
  kind: "backtest",
  network: NETWORK,
  state: "queued",
  label: "Backtest of the last 7 days",
  done: 0,
  total: 41_380,
  attempts: 0,
  error: null,
  result: null,
  createdAt: AT,
  updatedAt: AT,
  endedAt: null,
};
const outcome = (count: number, fee: string) => ({ count, fee, rent: "0" });

/** A body for each call that takes one, and the answers that say most; tests hold them against the schemas. */
export const MANAGE_EXAMPLES: Readonly<Record<string, ManageExample>> = {
  claim: { request: { code: "k3Zr0mV8nQ1xT5yB7cD9eF2gH4", organization: "Shop Ltd" }, response: membership },
  openManageSession: {
    request: {},
    response: {
      accessToken: "eyJ0eXAiOiJtYW5hZ2Urand0In0.…",
      tokenType: "Bearer",
      expiresIn: 300,
      user,
      organizations: [membership],
    },
  },
  readMe: { response: { user, organizations: [membership], isClaimed: true } },
  acceptInvitation: { request: { code: "k3Zr0mV8nQ1xT5yB7cD9eF2gH4" }, response: membership },
  createOrganization: { request: { name: "Shop Ltd" }, response: membership },
  changeOrganization: { request: { version: "1", name: "Shop Limited" } },
  changeMember: { request: { role: "developer" } },
  createInvitation: {
    request: { role: "developer", note: "Ada", wallet: WALLET },
    response: {
      id: `inv_${SUFFIX}`,
      role: "developer",
      note: "Ada",
      wallet: WALLET,
      state: "open",
      createdAt: AT,
      expiresAt: "2026-08-08T09:30:12.000Z",
      code: "k3Zr0mV8nQ1xT5yB7cD9eF2gH4",
    },
  },
  createProject: { request: { name: "Shop", environment: "test", networks: [NETWORK] }, response: project },
  changeProject: { request: { version: "1", name: "Shop", userRelaysPerMinute: 10 } },
  addOrigin: { request: { origin: "https://shop.example" }, response: { origin: "https://shop.example" } },
  putNetwork: { request: { allowlistOnly: true } },
  createKey: { request: { kind: "secret", name: "Order service", scopes: key.scopes }, response: key },
  rollKey: { request: { overlapSeconds: 86_400 }, response: key },
  rotateSponsor: { request: { to: "spn_01jf8zr7w8t2b6x4h9d3g5k1qe" } },
  setBudgets: {
    request: {
      version: "4",
      data: [
        { subject: "user", window: "day", unit: "relays", limit: "20" },
        { subject: "project", window: "day", unit: "fee", limit: "50000000" },
      ],
    },
  },
  checkPolicy: { request: { document } },
  publishPolicy: { request: { document, expectedVersion: 3 }, response: { version: 4, isNew: true } },
  rollBackPolicy: { request: { version: 3, expectedVersion: 4 }, response: { version: 3, isNew: true } },
  createDraft: { request: { name: "Cheaper memos", document } },
  changeDraft: { request: { version: "1", document } },
  readIdl: { request: { idl: { address: ADDRESS, metadata: { name: "shop" }, instructions: [] } } },
  explain: { request: { decisionId: DECISION_ID, draftId: `pol_${SUFFIX}` } },
  startBacktest: { request: { network: NETWORK, days: 7, draftId: `pol_${SUFFIX}` }, response: job },
  readJob: {
    response: {
      ...job,
      state: "succeeded",
      done: 41_380,
      attempts: 1,
      endedAt: AT,
      result: {
        kind: "backtest",
        days: 7,
        decisions: 41_380,
        stillSponsored: outcome(40_112, "401120000"),
        newlySponsored: outcome(804, "8040000"),
        newlyRefused: outcome(3, "30000"),
        stillRefused: outcome(421, "0"),
        refusedOtherwise: outcome(40, "0"),
        unreadable: 0,
        codes: [{ code: "policy.value_exceeded", before: 1_225, after: 424 }],
        samples: [{ decisionId: DECISION_ID, change: "newlySponsored", before: "policy.value_exceeded", after: null }],
      },
    },
  },
  deny: { request: { address: ADDRESS, note: "Drained the faucet", expiresAt: "2026-09-01T00:00:00Z" } },
  importDenied: { request: { csv: `address,note\n${ADDRESS},Drained the faucet\n`, mode: "add" } },
  allow: { request: { address: ADDRESS, note: "Early access" } },
  importAllowed: { request: { csv: `${ADDRESS},Early access\n`, mode: "replace" } },
  retryJob: { request: {} },
};
