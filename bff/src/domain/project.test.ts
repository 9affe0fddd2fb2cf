import { describe, expect, test } from "vitest";
import { enabledNetwork, type Project } from "./project.ts";

const networkOf = (network: string) => ({
  network,
  sponsors: [],
  acceptedSponsors: [],
  sponsorPool: [],
  explorer: null,
  policy: undefined,
});

const project = (environment: Project["environment"], networks: readonly string[]): Project => ({
  id: "prj_1",
  name: "Demo",
  environment,
  status: "active",
  revision: 1n,
  statement: "Sign in.",
  theme: {},
  locale: "en",
  origins: [],
  networks: networks.map(networkOf),
  requestsPerMinute: 1,
  addressSignInsPerMinute: 1,
  addressRequestsPerMinute: 1,
  keyRequestsPerMinute: 1,
  userRelaysPerMinute: 1,
});

describe("a project", () => {
  test("has the networks that it lists and no others", () => {
    const demo = project("test", ["solana:devnet"]);
    expect(enabledNetwork(demo, "solana:devnet")?.network).toBe("solana:devnet");
    expect(enabledNetwork(demo, "solana:localnet")).toBeUndefined();
  });

  test("for tests never has a mainnet, whatever is stored", () => {
    const mainnets = ["solana:mainnet", "eip155:1", "near:mainnet"];
    for (const network of mainnets) {
      expect(enabledNetwork(project("test", mainnets), network)).toBeUndefined();
      expect(enabledNetwork(project("live", mainnets), network)?.network).toBe(network);
    }
  });
});
