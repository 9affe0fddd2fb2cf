import { describe, expect, test } from "vitest";
import type { ProjectConfig, Session } from "../../api/types.ts";
import { INITIAL_STATE } from "../../state.ts";
import { coins, familiesOf, isPaying, type ViewContext } from "./view.ts";

const config = (...networks: string[]) =>
  ({
    networks: networks.map((network) => ({ network, sponsorAddress: "", explorer: null })),
  }) as unknown as ProjectConfig;

describe("the families of networks", () => {
  test.each([
    [
      "of a project, each once",
      null,
      config("solana:mainnet", "algorand:mainnet", "solana:devnet"),
      ["solana", "algorand"],
    ],
    ["of a page that names its network, are that one's", "algorand:testnet", config("solana:mainnet"), ["algorand"]],
    ["of a project that is not known yet, are the one that needs no list", null, undefined, ["solana"]],
    ["of a project without networks, are none", null, config(), []],
  ])("%s", (_what, network, project, expected) => {
    expect([...familiesOf(network, project)]).toEqual(expected);
  });
});

describe("what nobody needs any of", () => {
  const context = (families: string[], locale: string, session: Partial<Session> | null = null) =>
    ({ state: { ...INITIAL_STATE, session }, families: new Set(families), locale }) as unknown as ViewContext;

  test.each([
    [["solana"], "en", "SOL"],
    [["solana", "algorand"], "en", "SOL or ALGO"],
    [["algorand", "solana"], "de", "ALGO oder SOL"],
    [["near"], "en", ""],
  ])("on %j in %s is %s", (families, locale, expected) => {
    expect(coins(context(families, locale))).toBe(expected);
  });

  test("for somebody who is signed in is the coin of that network alone", () => {
    const session = { network: "algorand:localnet" };
    expect(coins(context(["solana", "algorand"], "en", session))).toBe("ALGO");
  });
});

describe("that somebody pays", () => {
  const withSponsors = (...addresses: string[]) =>
    ({ networks: addresses.map((sponsorAddress) => ({ sponsorAddress })) }) as unknown as ProjectConfig;

  test.each([
    ["is said of a project with a sponsor", withSponsors("7v91"), true],
    ["is said while nothing is known of the project", undefined, true],
    ["is never said where no network has a sponsor", withSponsors("", ""), false],
    ["is said of a project whose networks have nobody who pays at the moment", withSponsors(), true],
  ])("%s", (_what, project, expected) => {
    expect(isPaying({ config: project })).toBe(expected);
  });
});
