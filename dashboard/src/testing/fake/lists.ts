import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import type { ListEntry } from "../../../../bff/src/contract/manage/lists.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { startImport } from "./import-jobs.ts";
import { daysAgo, fakeAddress, type FakeOptions } from "./world.ts";

const NOTES = ["drained a faucet", "bot farm, ticket 4411", null, "chargeback", "sanctions feed"];
const NETWORK = "solana:devnet";

const entryOf = (index: number): ListEntry => ({
  // No two are alike.
  address: `${fakeAddress(index + 1).slice(0, 42)}${String(index + 11).replaceAll("0", "z")}`,
  note: NOTES[index % NOTES.length] ?? null,
  expiresAt: index % 4 === 2 ? daysAgo(-9) : index % 9 === 5 ? daysAgo(1) : null,
  createdAt: daysAgo(index + 1),
  isExpired: index % 9 === 5,
});

/** One list by network. */
function createList(count: number) {
  let entries = new Map(
    Array.from({ length: count }, (_, index) => entryOf(index)).map((each) => [each.address, each]),
  );
  return {
    page({ search, cursor }: Readonly<Record<string, string>>, network: string) {
      const all = network === NETWORK ? [...entries.values()] : [];
      const found = all.filter(({ address }) => !search || address.startsWith(search));
      const from = Number(cursor ?? "0");
      return {
        data: found.slice(from, from + 20),
        nextCursor: from + 20 < found.length ? String(from + 20) : null,
        total: found.length,
      };
    },
    add(address: string, note: string | undefined, expiresAt: string | undefined): ListEntry {
      if (address.length < 32) {
        throw new FakeProblem(422, "request.invalid", "The request does not fit its schema.", [
          { pointer: "/address", detail: `is no address of ${NETWORK}` },
        ]);
      }
      const entry = {
        address,
        note: note ?? null,
        expiresAt: expiresAt ?? null,
        createdAt: daysAgo(0),
        isExpired: false,
      };
      entries = new Map([[address, entry], ...entries]);
      return entry;
    },
    remove: (address: string) => void entries.delete(address),
    import(network: Job["network"], csv: string, mode: "add" | "replace") {
      const lines = csv.split(/\r?\n/).map((line) => line.split(",")[0]?.trim() ?? "");
      const addresses = lines.filter((address) => address !== "" && address !== "address");
      const bad = addresses.findIndex((address) => address.includes("0"));
      if (bad >= 0) {
        throw new FakeProblem(422, "request.invalid", "The request does not fit its schema.", [
          { pointer: "/csv", detail: `line ${bad + 1}: ${addresses[bad]} is no address of ${network}` },
        ]);
      }
      return startImport(network, addresses.length, () => {
        // What is on another network's list is not kept.
        if (network !== NETWORK) return { kind: "import", added: addresses.length, changed: 0, removed: 0 };
        const before = entries.size;
        if (mode === "replace") entries = new Map();
        for (const address of addresses) entries.set(address, { ...entryOf(0), address, note: null });
        return { kind: "import", added: addresses.length, changed: 0, removed: mode === "replace" ? before : 0 };
      });
    },
  };
}

export function listsFake({ state }: FakeOptions): FakeHandlers {
  const denied = createList(state === "empty" ? 0 : 43);
  const allowed = createList(state === "empty" ? 0 : 3);
  return {
    listDenied: ({ query, params }) => denied.page(query, params.network),
    deny: ({ body }) => denied.add(body.address, body.note, body.expiresAt),
    undeny: ({ params }) => denied.remove(params.address),
    importDenied: ({ params, body }) => denied.import(params.network, body.csv, body.mode ?? "add"),
    listAllowed: ({ query, params }) => allowed.page(query, params.network),
    allow: ({ body }) => allowed.add(body.address, body.note, body.expiresAt),
    disallow: ({ params }) => allowed.remove(params.address),
    importAllowed: ({ params, body }) => allowed.import(params.network, body.csv, body.mode ?? "add"),
  };
}
