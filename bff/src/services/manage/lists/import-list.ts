import type { Job } from "../../../contract/manage/jobs.ts";
import { toHex } from "../../../domain/audit.ts";
import { type FileEntry, readListFile } from "../../../domain/job/list-file.ts";
import type { Actor } from "../../../domain/manage.ts";
import type { NetworkName } from "../../../domain/network.ts";
import { AppError } from "../../../errors.ts";
import type { ListName, ManageStore, NetworkPlace } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { wakeJobs } from "../job/wake-jobs.ts";
import { assertNetworkOf, assertNoSponsor, bareAddress } from "./put-entry.ts";
import { readTime } from "./read-time.ts";

/** Of a file that is refused: nothing of it is done. @throws request.invalid, which names the lines */
function readFile({ chains, clock }: Pick<Ports, "chains" | "clock">, network: NetworkName, csv: string) {
  const read = readListFile(csv, {
    parseAddress: (text) => chains(network)?.parseAddress(bareAddress(network, text)),
    parseTime: (text) => readTime(clock, text),
  });
  if (read.ok) return read.value;
  throw new AppError("request.invalid", "The file cannot be imported; nothing was changed.", {
    errors: read.reason.map(({ line, detail }) => ({ pointer: "/csv", detail: `line ${line}: ${detail}` })),
  });
}

const labelOf = (list: ListName, mode: "add" | "replace", { length }: readonly FileEntry[]): string => {
  const addresses = length === 1 ? "1 address" : `${length} addresses`;
  const name = list === "denied" ? "denylist" : "allowlist";
  return mode === "replace" ? `Replace the ${name} by ${addresses}` : `Add ${addresses} to the ${name}`;
};

/** By which the log names a file: of its text in UTF-8, whose last line may end or not. */
async function describeFile({ hash }: Pick<Ports, "hash">, csv: string) {
  const sha256 = toHex(await hash.sha256(new TextEncoder().encode(csv)));
  return { sha256, lines: csv.replace(/\r?\n$/, "").split(/\r\n|\r|\n/).length };
}

/** Reads a file whole and leaves the rest to a job. @throws request.invalid, request.not_found, manage.conflict */
export async function importList(
  ports: Pick<Ports, "chains" | "clock" | "hash" | "random" | "background" | "wake" | "log">,
  store: ManageStore,
  actor: Actor,
  list: ListName,
  place: NetworkPlace,
  { csv, mode }: { readonly csv: string; readonly mode: "add" | "replace" },
): Promise<Job> {
  await assertNetworkOf(store, place);
  const entries = readFile(ports, place.network, csv);
  await assertNoSponsor(
    store,
    list,
    place,
    entries.map(({ address }) => address),
  );
  const job = { ...place, id: ports.random.id("job"), kind: "import" as const, label: labelOf(list, mode, entries) };
  const rows = entries.map(({ address, note, expiresAt }) => [address, note, expiresAt] as const);
  const file = await describeFile(ports, csv);
  const created = await store.createImport(job, { list, mode, entries: rows, file, actor });
  wakeJobs(ports);
  return created;
}
