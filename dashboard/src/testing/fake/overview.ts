import type { Overview } from "../../../../bff/src/contract/manage/traffic.ts";
import type { FakeHandlers } from "../fake-api.ts";
import { type FakeOptions, LIVE_PROJECT_ID } from "./world.ts";

const HOUR_MS = 3_600_000;
const FEES: Readonly<Record<string, readonly [fee: number, rent: number, unit: string]>> = {
  "solana:devnet": [10_000, 2_039_280, "lamports"],
  "solana:mainnet": [12_500, 0, "lamports"],
  "algorand:testnet": [2_000, 100_000, "microAlgos"],
};

/** Traffic as it comes: more by day than by night, and a bad hour now and then. */
function fakeSeries(network: string, isHourly: boolean, count: number): Overview["networks"][number]["series"] {
  const stepMs = isHourly ? HOUR_MS : 24 * HOUR_MS;
  const start = Math.floor(Date.now() / stepMs) * stepMs - (count - 1) * stepMs;
  const [fee = 0, rent = 0] = FEES[network] ?? [];
  return Array.from({ length: count }, (_nothing, index) => {
    const wave = 1 + Math.sin((index / count) * Math.PI * 3 + network.length) * 0.55;
    const relays = Math.round(wave * (isHourly ? 34 : 610));
    const isBad = index % 9 === 5;
    const failed = isBad ? Math.round(relays * 0.09) : Math.round(relays * 0.01);
    const expired = isBad ? Math.round(relays * 0.04) : 0;
    return {
      at: new Date(start + index * stepMs).toISOString(),
      relays,
      finalized: relays - failed - expired,
      failed,
      expired,
      refused: Math.round(relays * (isBad ? 0.3 : 0.06)),
      users: Math.round(relays * 0.4),
      fee: String(relays * fee),
      rent: String(Math.round(relays * 0.1) * rent),
    };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function fakeNetwork(network: string, days: number): Overview["networks"][number] {
  const series = fakeSeries(network, days === 1, days === 1 ? 24 : days);
  const total = (name: "relays" | "finalized" | "failed" | "expired" | "refused") =>
    sum(series.map((point) => point[name]));
  const [, , baseUnit = "units"] = FEES[network] ?? [];
  return {
    network,
    baseUnit,
    relays: total("relays"),
    finalized: total("finalized") - 3,
    failed: total("failed"),
    expired: total("expired"),
    open: 3,
    refused: total("refused"),
    fee: String(sum(series.map(({ fee }) => Number(fee)))),
    rent: String(sum(series.map(({ rent }) => Number(rent)))),
    landRate: 0.9874,
    confirmSeconds: network.startsWith("solana") ? { p50: 1, p95: 2.5 } : { p50: 5, p95: 10 },
    series,
  };
}

/** What happened in a project: nothing in a new one, and nothing of late in the live one. */
export const overviewFake = ({ state }: FakeOptions): FakeHandlers => ({
  readOverview: ({ params, query }) => {
    const isBusy = state === "busy" && params.projectId !== LIVE_PROJECT_ID;
    const days = Number(query["days"] ?? "7");
    const names = query["network"] ? [query["network"]] : ["solana:devnet", "algorand:testnet"];
    const networks = isBusy ? names.map((network) => fakeNetwork(network, days)) : [];
    const refused = sum(networks.map((network) => network.refused));
    const shares: readonly (readonly [code: string, share: number])[] = [
      ["policy.program_not_allowed", 0.52],
      ["budget.user_exhausted", 0.24],
      ["policy.fee_exceeded", 0.13],
      ["transaction.simulation_failed", 0.08],
      ["policy.account_denied", 0.03],
    ];
    return {
      from: new Date(Date.now() - days * 24 * HOUR_MS).toISOString(),
      to: new Date().toISOString(),
      networks,
      users: isBusy ? { active: 212 * days, created: 31 * days } : { active: 0, created: 0 },
      refusals: refused === 0 ? [] : shares.map(([code, share]) => ({ code, count: Math.round(refused * share) })),
    };
  },
});
