import { AppError } from "../../../errors.ts";
import type { ListName, ManageStore, NetworkPlace, PageRequest } from "../../../manage-ports.ts";
import { importList } from "../../../services/manage/lists/import-list.ts";
import { bareAddress, putEntry } from "../../../services/manage/lists/put-entry.ts";
import type { Ports } from "../../../ports.ts";
import type { Handlers } from "../handler.ts";

async function listOf(
  store: ManageStore,
  list: ListName,
  place: NetworkPlace,
  { search, ...page }: PageRequest & { readonly search?: string | undefined },
) {
  const entries = await store.listEntries(list, place, search, page);
  if (!entries) throw new AppError("request.not_found", "The project does not have this network.");
  return entries;
}

async function remove(
  { chains }: Ports,
  store: ManageStore,
  list: ListName,
  { address: text, ...place }: NetworkPlace & { readonly address: string },
): Promise<undefined> {
  const address = chains(place.network)?.parseAddress(bareAddress(place.network, text)) ?? text;
  if (!(await store.removeEntry(list, place, address))) {
    throw new AppError("request.not_found", "The list does not have this address.");
  }
  return undefined;
}

export const listHandlers: Handlers<
  "listDenied" | "deny" | "undeny" | "importDenied" | "listAllowed" | "allow" | "disallow" | "importAllowed"
> = {
  listDenied: ({ store, params, query }) => listOf(store, "denied", params, query),
  deny: ({ ports, store, params, body }) => putEntry(ports, store, "denied", params, body),
  undeny: ({ ports, store, params }) => remove(ports, store, "denied", params),
  importDenied: ({ ports, store, actor, params, body }) => importList(ports, store, actor, "denied", params, body),
  listAllowed: ({ store, params, query }) => listOf(store, "allowed", params, query),
  allow: ({ ports, store, params, body }) => putEntry(ports, store, "allowed", params, body),
  disallow: ({ ports, store, params }) => remove(ports, store, "allowed", params),
  importAllowed: ({ ports, store, actor, params, body }) => importList(ports, store, actor, "allowed", params, body),
};
