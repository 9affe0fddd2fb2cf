import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ALERT_KINDS, type DueAlert, findConditions, tellAlert } from "./alerts.ts";
import type { NetworkFacts, OperationFacts, SponsorFacts } from "./operations.ts";

const network = "solana:localnet";

const WELL: NetworkFacts = {
  network,
  beatAgeSeconds: 20,
  oldestOpenSeconds: 4,
  open: { submitted: 2 },
  held: { relays: 2n, fee: 10_000n, rent: 0n },
  overcharged: 3,
  overchargedLately: 0,
};
const FUNDED: SponsorFacts = {
  id: "spn_1",
  network,
  state: "active",
  balance: 10_000_000n,
  balanceFloor: 5_000_000n,
  ageSeconds: 30,
  fetchErrors: 7,
  lostLately: 0n,
};

const facts = (own: Partial<NetworkFacts>, sponsor: Partial<SponsorFacts> = {}): OperationFacts => ({
  isWatched: true,
  networks: [{ ...WELL, ...own }],
  sponsors: [{ ...FUNDED, ...sponsor }],
  heartbeats: {},
  openAlerts: {},
  unsealed: [],
  jobs: { dead: 0, deadLately: 0, oldestDueSeconds: 0 },
});
const kinds = (...given: Parameters<typeof facts>) => findConditions(facts(...given)).map(({ kind }) => kind);

describe("conditions", () => {
  test("where all is well there is none, whatever was wrong long ago", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ beatAgeSeconds: null, oldestOpenSeconds: null })).toEqual([]);
    expect(kinds({ beatAgeSeconds: null, oldestOpenSeconds: 150 })).toEqual([]);
    expect(kinds({ beatAgeSeconds: 150, oldestOpenSeconds: 300 }, { ageSeconds: 600 })).toEqual([]);
  });

  test("a balance is low below twice its floor, and too low where the next relay may be refused; one that is being drained may be", () => {
    expect(kinds({}, { balance: 9_999_999n })).toEqual(["sponsor.balance_low"]);
    expect(kinds({}, { balance: 5_100_000n })).toEqual(["sponsor.balance_low"]);
    expect(kinds({}, { balance: 5_099_999n })).toEqual(["sponsor.balance_low", "sponsor.balance_floor"]);
    expect(kinds({}, { balance: 0n, state: "draining" })).toEqual([]);
    expect(kinds({}, { balance: null })).toEqual([]);
  });

  test("a balance that nobody could read for ten minutes is unknown", () => {
    expect(kinds({}, { ageSeconds: 601 })).toEqual(["sponsor.balance_unknown"]);
    expect(kinds({}, { balance: null, ageSeconds: 601, state: "draining" })).toEqual(["sponsor.balance_unknown"]);
  });

  test("a job that is due is stuck after an hour; old dead letters wake nobody", () => {
    const withJobs = (oldestDueSeconds: number) =>
      findConditions({ ...facts({}), jobs: { dead: 3, deadLately: 0, oldestDueSeconds } });
    expect(withJobs(3_600)).toEqual([]);
    expect(withJobs(3_660.4)).toEqual([
      {
        kind: "job.stuck",
        subject: "deployment",
        summary: "A job that is due has waited for 61 minutes.",
        context: { oldestDueSeconds: 3_660, dead: 3 },
      },
    ]);
  });

  test("dead letters of the last day are told by their number", () => {
    expect(findConditions({ ...facts({}), jobs: { dead: 3, deadLately: 2, oldestDueSeconds: 0 } })).toEqual([
      {
        kind: "job.dead",
        subject: "deployment",
        summary: "Jobs have failed for good, and nobody has retried or discarded them: 2 in the last 24 hours.",
        context: { dead: 3, deadLately: 2 },
      },
    ]);
  });

  test("an audit log that waits for its seal is told by its chain", () => {
    expect(findConditions({ ...facts({}), unsealed: [{ chain: "prj_1", ageSeconds: 660.4 }] })).toEqual([
      {
        kind: "audit.unsealed",
        subject: "prj_1",
        summary: "The audit log of prj_1 has not been sealed for 11 minutes.",
        context: { ageSeconds: 660 },
      },
    ]);
  });

  test("what waited while nobody watched has had no chance, and is told when it still waits at the next look", () => {
    const waiting = {
      ...facts({}),
      unsealed: [{ chain: "prj_1", ageSeconds: 7_300 }],
      jobs: { dead: 0, deadLately: 0, oldestDueSeconds: 7_300 },
    };
    expect(findConditions({ ...waiting, isWatched: false })).toEqual([]);
    expect(findConditions(waiting).map(({ kind }) => kind)).toEqual(["job.stuck", "audit.unsealed"]);
  });

  test("what the ledger cannot explain is told in amounts that no number has rounded", () => {
    const lostLately = 9_007_199_254_740_993n;
    expect(findConditions(facts({ overchargedLately: 2 }, { lostLately }))).toEqual([
      expect.objectContaining({
        kind: "ledger.difference",
        subject: "spn_1",
        summary: "Sponsor spn_1 lost 9007199254740993 base units that the ledger does not know of.",
        context: { network, lost: "9007199254740993" },
      }),
      expect.objectContaining({ kind: "ledger.overcharged", subject: network, context: { relays: 2 } }),
    ]);
  });

  test("a listener is stale after 150 seconds, or when a relay has waited for it that long", () => {
    expect(kinds({ beatAgeSeconds: 151 })).toEqual(["listener.stale"]);
    expect(kinds({ beatAgeSeconds: null, oldestOpenSeconds: 151 })).toEqual(["listener.stale"]);
    expect(kinds({ oldestOpenSeconds: 301 })).toEqual(["relay.stuck"]);
  });
});

describe("a message", () => {
  const alert: DueAlert = {
    id: "alr_1",
    kind: "relay.stuck",
    subject: network,
    summary: "A relay has not ended.",
    context: { open: {} },
    state: "open",
    openedAt: new Date(0),
    resolvedAt: null,
    notifiedAt: null,
  };
  const tell = (changes: Partial<DueAlert>) =>
    tellAlert({ ...alert, ...changes }, "https://api.example", (time) => time.toISOString());

  test("says everything, and where to read on", () => {
    expect(tell({})).toEqual({
      messageId: "alr_1.open",
      payload: {
        type: "gasless.alert",
        id: "alr_1",
        kind: "relay.stuck",
        state: "open",
        subject: network,
        summary: "A relay has not ended.",
        context: { open: {} },
        openedAt: "1970-01-01T00:00:00.000Z",
        runbookUrl: "https://api.example/docs#relay.stuck",
      },
    });
  });

  test("has one id for each piece of news: opening, each reminder, the end", () => {
    expect(tell({ notifiedAt: new Date(7) }).messageId).toBe("alr_1.open.7");
    const ended = tell({ state: "resolved", resolvedAt: new Date(9), notifiedAt: new Date(7) });
    expect(ended.messageId).toBe("alr_1.resolved");
    expect(ended.payload).toMatchObject({ id: "alr_1", state: "resolved", resolvedAt: "1970-01-01T00:00:00.009Z" });
  });
});

test("every kind has its runbook, and none is left over", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/runbooks.md"), "utf8");
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, kind]) => kind)).toEqual([...ALERT_KINDS]);
  for (const part of ["Means", "Look at", "Do"]) {
    expect([...page.matchAll(new RegExp(`^- ${part}: \\S`, "gm"))], part).toHaveLength(ALERT_KINDS.length);
  }
});
