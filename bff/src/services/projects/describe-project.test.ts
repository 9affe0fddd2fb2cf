import { describe, expect, test } from "vitest";
import type { Project, ProjectNetwork, ProjectSponsor } from "../../domain/project.ts";
import type { ChainPort } from "../../ports.ts";
import { describeProject } from "./describe-project.ts";

const sponsor = (address: string, changes: Partial<ProjectSponsor> = {}): ProjectSponsor => ({
  id: `spn_${address}`,
  address,
  state: "active",
  balance: 1_000n,
  balanceFloor: 100n,
  isSpent: false,
  ...changes,
});

const networkOf = (network: string, sponsors: readonly ProjectSponsor[]): ProjectNetwork => ({
  network,
  sponsors,
  acceptedSponsors: sponsors.map(({ address }) => address),
  sponsorPool: [{ address: "another project's", state: "active" }],
  explorer: `https://explorer.example/${network}`,
  policy: undefined,
});

const projectWith = (networks: readonly ProjectNetwork[], environment: Project["environment"] = "test"): Project => ({
  id: "prj_1",
  name: "Shop",
  environment,
  status: "active",
  revision: 1n,
  statement: "Sign in.",
  theme: { accent: "#f60" },
  locale: "de",
  origins: ["https://shop.example"],
  networks,
  requestsPerMinute: 1,
  addressSignInsPerMinute: 1,
  addressRequestsPerMinute: 1,
  keyRequestsPerMinute: 1,
  userRelaysPerMinute: 1,
});

/** What each network's family signs in with. */
const METHODS: Readonly<Record<string, ChainPort["signIn"]["methods"]>> = {
  "solana:devnet": ["siws", "local"],
  "solana:localnet": ["siws", "local"],
  "solana:mainnet": ["siws", "local"],
  "algorand:testnet": ["arc60", "local"],
};

function chains(network: string): ChainPort | undefined {
  const methods = METHODS[network];
  // Nothing else of a chain is looked at.
  return methods && ({ signIn: { methods } } as unknown as ChainPort);
}

const describeWith = (networks: readonly ProjectNetwork[], held: (address: string) => boolean = () => true) =>
  describeProject(
    { signers: { canSign: held, sign: () => Promise.reject(new Error("nothing is signed")) }, chains },
    projectWith(networks),
  );

describe("what a page may know of its project", () => {
  test("is its name, its networks, its ways to sign in and its looks, and nothing else", () => {
    expect(describeWith([networkOf("solana:devnet", [sponsor("S")])])).toEqual({
      project: { id: "prj_1", name: "Shop", environment: "test" },
      networks: [{ network: "solana:devnet", sponsorAddress: "S", explorer: "https://explorer.example/solana:devnet" }],
      signInMethods: ["siws", "local"],
      theme: { accent: "#f60" },
      locale: "de",
    });
  });

  test("names each way to sign in once, in the order of its networks, and none of a network that it does not have", () => {
    const [solana, algorand] = ["solana:devnet", "algorand:testnet"].map((name) => networkOf(name, [sponsor("S")]));
    if (!solana || !algorand) throw new Error("there are two");
    expect(describeWith([solana, algorand]).signInMethods).toEqual(["siws", "local", "arc60"]);
    expect(describeWith([algorand, solana]).signInMethods).toEqual(["arc60", "local", "siws"]);
    expect(describeWith([{ ...algorand, sponsors: [] }, solana]).signInMethods).toEqual(["siws", "local"]);
  });

  test("names the same sponsor each time: the first that is fit", () => {
    const pool = [sponsor("spent", { isSpent: true }), sponsor("poor", { balance: 100n }), sponsor("b"), sponsor("c")];
    const named = [1, 2, 3].map(() => describeWith([networkOf("solana:devnet", pool)]).networks[0]?.sponsorAddress);
    expect(named).toEqual(["b", "b", "b"]);
  });

  test.each<[string, readonly ProjectSponsor[], (address: string) => boolean]>([
    ["there is no sponsor", [], () => true],
    ["every sponsor is being drained", [sponsor("a", { state: "draining" })], () => true],
    ["this deployment holds no key of its sponsors", [sponsor("a")], () => false],
  ])("has no network on which %s: it would promise what nobody pays", (_, sponsors, held) => {
    const both = [networkOf("solana:devnet", sponsors), networkOf("solana:localnet", [sponsor("kept")])];
    const { networks } = describeWith(both, (address) => address === "kept" || held(address));
    expect(networks.map(({ network }) => network)).toEqual(["solana:localnet"]);
  });

  test("has a mainnet for a live project and never for one of tests, whatever is stored", () => {
    const networks = [networkOf("solana:mainnet", [sponsor("S")])];
    const signers = { canSign: () => true, sign: () => Promise.reject(new Error("nothing is signed")) };
    expect(describeProject({ signers, chains }, projectWith(networks, "live")).networks).toHaveLength(1);
    expect(describeProject({ signers, chains }, projectWith(networks, "test")).networks).toEqual([]);
  });
});
