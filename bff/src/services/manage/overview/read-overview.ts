import type { NetworkName } from "../../../contract/index.ts";
import type { Overview } from "../../../contract/manage/traffic.ts";
import { landTimeOf, stepsUntil } from "../../../domain/usage.ts";
import type { ManageStore, UsagePoint } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";

type NetworkOverview = Overview["networks"][number];

const COUNTS = ["relays", "finalized", "failed", "expired", "open", "refused"] as const;

const NOTHING: Omit<UsagePoint, "network" | "atMs"> = {
  relays: 0,
  finalized: 0,
  failed: 0,
  expired: 0,
  open: 0,
  refused: 0,
  users: 0,
  fee: 0n,
  rent: 0n,
  landTimes: [],
};

function sumUp(points: readonly UsagePoint[]) {
  const counts = Object.fromEntries(
    COUNTS.map((name) => [name, points.reduce((sum, point) => sum + point[name], 0)]),
  ) as Readonly<Record<(typeof COUNTS)[number], number>>;
  const fee = points.reduce((sum, point) => sum + point.fee, 0n).toString();
  const rent = points.reduce((sum, point) => sum + point.rent, 0n).toString();
  return { ...counts, fee, rent };
}

/** Landed, of those that have ended and were sent. */
function landRate({ finalized, failed, expired }: Pick<UsagePoint, "finalized" | "failed" | "expired">): number | null {
  const ended = finalized + failed + expired;
  return ended === 0 ? null : (finalized + failed) / ended;
}

function confirmSeconds(points: readonly UsagePoint[]): NetworkOverview["confirmSeconds"] {
  const counts = Array.from({ length: 8 }, (_, bucket) =>
    points.reduce((sum, { landTimes }) => sum + (landTimes[bucket] ?? 0), 0),
  );
  const [p50, p95] = [landTimeOf(counts, 0.5), landTimeOf(counts, 0.95)];
  return p50 === null || p95 === null ? null : { p50, p95 };
}

/** What happened in a project in the last days, with every hour or day in which nothing did. */
export async function readOverview(
  { clock, chains }: Pick<Ports, "clock" | "chains">,
  store: ManageStore,
  projectId: string,
  { days, network }: { readonly days: "1" | "7" | "30"; readonly network?: NetworkName | undefined },
): Promise<Overview> {
  const nowMs = clock.nowMs();
  const step = days === "1" ? "hour" : "day";
  const steps = stepsUntil(nowMs, step, days === "1" ? 24 : Number.parseInt(days, 10));
  const fromMs = steps[0] ?? nowMs;
  const { points, networks, refusals, users } = await store.readUsage(projectId, { fromMs, step }, network);

  const view = (name: string): NetworkOverview => {
    const own = points.filter((point) => point.network === name);
    const at = new Map(own.map((point) => [point.atMs, point]));
    const sums = sumUp(own);
    // Networks are named by the contract in SQL as well.
    const known: NetworkName = name;
    return {
      network: known,
      baseUnit: chains(known)?.baseUnit ?? "base units",
      ...sums,
      landRate: landRate(sums),
      confirmSeconds: confirmSeconds(own),
      series: steps.map((atMs) => {
        const point = at.get(atMs) ?? { ...NOTHING, network: name, atMs };
        const { relays, finalized, failed, expired, refused } = point;
        return {
          at: clock.format(atMs),
          relays,
          finalized,
          failed,
          expired,
          refused,
          users: point.users,
          fee: point.fee.toString(),
          rent: point.rent.toString(),
        };
      }),
    };
  };
  // One that the project no longer has shows what was spent on it.
  const shown = new Set(networks.filter((name) => network === undefined || name === network));
  for (const point of points) shown.add(point.network);
  return { from: clock.format(fromMs), to: clock.format(nowMs), networks: [...shown].map(view), users, refusals };
}
