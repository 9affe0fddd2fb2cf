import type { ManagedNetwork } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import type { FakeOptions } from "./world.ts";

const SERVED = ["solana:devnet", "algorand:testnet", "solana:localnet"] as const;

export function networksFake({ state }: FakeOptions): FakeHandlers {
  const isEmpty = state === "empty";
  let networks: readonly ManagedNetwork[] = [
    {
      network: "solana:devnet",
      policyVersion: isEmpty ? null : 4,
      allowlistOnly: false,
      explorer: "https://explorer.example",
      isServed: true,
      sponsors: isEmpty ? 0 : 2,
    },
    {
      network: "algorand:testnet",
      policyVersion: isEmpty ? null : 1,
      allowlistOnly: !isEmpty,
      explorer: null,
      isServed: isEmpty,
      sponsors: isEmpty ? 0 : 1,
    },
  ];
  return {
    listNetworks: () => ({
      data: [...networks],
      available: SERVED.filter((name) => !networks.some(({ network }) => network === name)),
    }),
    putNetwork: ({ params, body }) => {
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const old = networks.find(({ network }) => network === params.network);
      const found = { policyVersion: null, allowlistOnly: false, explorer: null, isServed: true, sponsors: 1, ...old };
      const changed: ManagedNetwork = { ...found, ...given, network: params.network };
      networks = old ? networks.map((each) => (each === old ? changed : each)) : [...networks, changed];
      return changed;
    },
    removeNetwork: ({ params }) => {
      const left = networks.filter(({ network }) => network !== params.network);
      if (left.length === networks.length) throw new FakeProblem(404, "request.not_found", "There is no such network.");
      networks = left;
    },
  };
}
