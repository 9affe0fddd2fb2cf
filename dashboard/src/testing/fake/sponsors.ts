import type { ManagedSponsor } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { fakeAddress, type FakeOptions, fakeId, minutesAgo } from "./world.ts";

const SPONSORS: readonly ManagedSponsor[] = [
  {
    id: fakeId("spn", 1),
    network: "solana:devnet",
    address: fakeAddress(3),
    state: "active",
    isMember: true,
    canSign: true,
    balance: "8214907300",
    balanceFloor: "1000000000",
    observedAt: minutesAgo(1),
    spentPerDay: "1481200000",
    runwayDays: 4.8,
  },
  {
    id: fakeId("spn", 2),
    network: "solana:devnet",
    address: fakeAddress(8),
    state: "draining",
    isMember: true,
    canSign: true,
    balance: "1220000000",
    balanceFloor: "1000000000",
    observedAt: minutesAgo(1),
    spentPerDay: "0",
    runwayDays: null,
  },
  {
    id: fakeId("spn", 3),
    network: "solana:devnet",
    address: fakeAddress(12),
    state: "active",
    isMember: false,
    canSign: true,
    balance: "25000000000",
    balanceFloor: "1000000000",
    observedAt: minutesAgo(1),
    spentPerDay: "120000000",
    runwayDays: 200,
  },
  {
    id: fakeId("spn", 4),
    network: "algorand:testnet",
    address: fakeAddress(15),
    state: "active",
    isMember: true,
    canSign: true,
    balance: "940000",
    balanceFloor: "1000000",
    observedAt: minutesAgo(2),
    spentPerDay: "18000",
    runwayDays: 0,
  },
];

export function sponsorsFake({ state }: FakeOptions): FakeHandlers {
  let sponsors = state === "empty" ? SPONSORS.map((each) => ({ ...each, isMember: false })).slice(2, 3) : SPONSORS;
  const change = (id: string, changes: Partial<ManagedSponsor>) => {
    if (!sponsors.some((each) => each.id === id)) {
      throw new FakeProblem(404, "request.not_found", "There is no such sponsor.");
    }
    sponsors = sponsors.map((each) => (each.id === id ? { ...each, ...changes } : each));
  };
  const list = () => ({ data: [...sponsors] });
  return {
    listSponsors: list,
    addSponsor: ({ params }) => {
      change(params.sponsorId, { isMember: true });
      return list();
    },
    drainSponsor: ({ params }) => {
      change(params.sponsorId, { isMember: false });
      return list();
    },
    rotateSponsor: ({ params, body }) => {
      change(params.sponsorId, { isMember: false });
      change(body.to, { isMember: true });
      return list();
    },
  };
}
