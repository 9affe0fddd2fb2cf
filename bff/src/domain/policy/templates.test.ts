import { describe, expect, test } from "vitest";
import { policyDeskOf } from "../../adapters/chains/policy-desks.ts";
import type { NetworkName } from "../network.ts";

const NETWORKS: readonly NetworkName[] = ["solana:devnet", "algorand:testnet"];

describe.each(NETWORKS)("every template of %s", (network) => {
  const desk = policyDeskOf(network);
  const templates = desk?.catalogue.templates ?? [];

  test.each(templates.map((template) => [template.id, template] as const))(
    "%s fits the schema, and the linter finds nothing in it",
    (_, { document }) => {
      const read = desk?.read(document);
      expect(read).toMatchObject({ ok: true, value: { document } });
      expect(read?.ok && read.value.lint({ hasRentBudget: true })).toEqual([]);
    },
  );

  test("has an id of its own, and says what it is for", () => {
    expect(templates.length).toBeGreaterThan(2);
    expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
    for (const { name, description } of templates) {
      expect(name.length).toBeGreaterThan(3);
      expect(description.length).toBeGreaterThan(20);
    }
  });

  test("allows something, and nothing of anybody whom it does not name", () => {
    for (const { document } of templates) {
      expect(document["allow"]).not.toEqual([]);
      expect(document).not.toHaveProperty("unlistedPrograms");
      expect(JSON.stringify(document)).not.toMatch(/anySender|allowRekey|allowClose/);
    }
  });
});
