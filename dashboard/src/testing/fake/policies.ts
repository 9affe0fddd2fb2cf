import type { Draft } from "../../../../bff/src/contract/manage/policies.ts";
import { isSameDocument } from "../../pages/policy/model/documents.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { explainFake } from "./explain.ts";
import { checkFake, policyInvalid } from "./policy-check.ts";
import { ALGORAND_CATALOGUE, ALGORAND_VERSIONS, SOLANA_CATALOGUE, SOLANA_VERSIONS, TOKEN } from "./policy-world.ts";
import { daysAgo, type FakeOptions, fakeId, minutesAgo } from "./world.ts";

type Document = Readonly<Record<string, unknown>>;
const isAlgorand = (network: string): boolean => network.startsWith("algorand:");
const notFound = () => new FakeProblem(404, "request.not_found", "There is no such version or draft.");
const conflict = (detail: string) => new FakeProblem(409, "manage.conflict", detail);

interface Shelf {
  versions: Document[];
  current: number;
  drafts: Draft[];
  isOvertaken: boolean;
}

function createShelf(network: string, state: FakeOptions["state"]): Shelf {
  const versions = [...(isAlgorand(network) ? ALGORAND_VERSIONS : SOLANA_VERSIONS)];
  if (state === "empty") return { versions: [], current: 0, drafts: [], isOvertaken: false };
  const document = {
    ...versions.at(-1),
    allow: [...((versions.at(-1)?.["allow"] as unknown[]) ?? []), { program: TOKEN, instruction: "transfer" }],
  };
  const draft: Draft = {
    id: fakeId("pol", 1),
    name: "Plain transfers too",
    document,
    baseVersion: versions.length,
    version: "4",
    updatedAt: minutesAgo(50),
  };
  const current = state === "readded" ? 0 : versions.length;
  return { versions, current, drafts: isAlgorand(network) ? [] : [draft], isOvertaken: false };
}

/**
 * Versions, drafts and checks. Somebody publishes meanwhile where the draft is named `Overtaken`, and where version 2 is
 * rolled back to; somebody saves the same draft where it is named `Taken`.
 */
export function policiesFake(options: FakeOptions): FakeHandlers {
  const shelves = new Map<string, Shelf>();
  const shelfOf = ({ network }: { readonly network: string }): Shelf => {
    const shelf = shelves.get(network) ?? createShelf(network, options.state);
    shelves.set(network, shelf);
    return shelf;
  };
  const versionOf = ({ versions, current }: Shelf, version: number) => {
    const document = versions[version - 1];
    if (!document) throw notFound();
    const name = version % 2 === 0 ? "operator alice" : `solana:${"7v91N3tQ".repeat(5)}6y1Q`;
    return {
      version,
      createdAt: daysAgo(3 * (versions.length - version) + 2),
      isInForce: version === current,
      actor: { kind: "user", name },
      document: { ...document },
    };
  };
  const draftOf = (shelf: Shelf, id: string): Draft => {
    const draft = shelf.drafts.find((each) => each.id === id);
    if (!draft) throw notFound();
    return draft;
  };
  /** A draft that somebody saved anew meanwhile stays. */
  const endDraft = (shelf: Shelf, id: string, published: Document): void => {
    const draft = draftOf(shelf, id);
    if (isSameDocument(draft.document, published)) shelf.drafts = shelf.drafts.filter((each) => each !== draft);
  };
  return {
    ...explainFake(options),
    readPolicyCatalogue: ({ params }) => (isAlgorand(params.network) ? ALGORAND_CATALOGUE : SOLANA_CATALOGUE),
    listPolicies: ({ params }) => {
      const shelf = shelfOf(params);
      const data = shelf.versions.map((_document, index) => versionOf(shelf, index + 1)).toReversed();
      return { data, nextCursor: null };
    },
    readPolicy: ({ params }) => {
      const shelf = shelfOf(params);
      return versionOf(shelf, params.version === "current" ? shelf.current : Number(params.version));
    },
    checkPolicy: ({ params, body }) => checkFake(body.document, shelfOf(params).current || null),
    publishPolicy: ({ params, body }) => {
      const shelf = shelfOf(params);
      const errors = checkFake(body.document, shelf.current || null).findings.filter(
        ({ severity }) => severity === "error",
      );
      if (errors.length > 0) throw policyInvalid(errors.map(({ pointer, message }) => ({ pointer, detail: message })));
      const draft = shelf.drafts.find(({ id }) => id === body.draftId);
      if (draft?.name.startsWith("Overtaken") && !shelf.isOvertaken) {
        shelf.isOvertaken = true;
        shelf.versions.push({ ...shelf.versions.at(-1), maxFee: "50000" });
        shelf.current = shelf.versions.length;
      }
      if ((body.expectedVersion ?? 0) !== shelf.current) throw conflict("Another version is in force by now.");
      if (body.draftId !== undefined) endDraft(shelf, body.draftId, body.document);
      if (isSameDocument(shelf.versions[shelf.current - 1], body.document))
        return { version: shelf.current, isNew: false };
      shelf.versions.push(body.document);
      shelf.current = shelf.versions.length;
      return { version: shelf.current, isNew: true };
    },
    rollBackPolicy: ({ params, body }) => {
      const shelf = shelfOf(params);
      if (body.version === 2 && !shelf.isOvertaken) {
        shelf.isOvertaken = true;
        shelf.versions.push({ ...shelf.versions.at(-1), maxFee: "50000" });
        shelf.current = shelf.versions.length;
      }
      if (body.expectedVersion !== shelf.current) throw conflict("Another version is in force by now.");
      if (body.version === shelf.current) return { version: shelf.current, isNew: false };
      shelf.current = body.version;
      return { version: body.version, isNew: true };
    },
    listDrafts: ({ params }) => ({ data: shelfOf(params).drafts, nextCursor: null }),
    createDraft: ({ params, body }) => {
      const shelf = shelfOf(params);
      const draft: Draft = {
        id: fakeId("pol", 10 + shelf.drafts.length),
        name: body.name,
        document: body.document,
        baseVersion: shelf.current || null,
        version: "1",
        updatedAt: minutesAgo(0),
      };
      shelf.drafts.unshift(draft);
      return draft;
    },
    readDraft: ({ params }) => draftOf(shelfOf(params), params.draftId),
    changeDraft: ({ params, body }) => {
      const shelf = shelfOf(params);
      const draft = draftOf(shelf, params.draftId);
      const isTaken = body.name?.startsWith("Taken") ?? false;
      const isNew = draft.version === body.version;
      const next = { ...draft, version: String(Number(body.version) + 1) };
      const changed = isTaken ? next : { ...next, ...body, name: body.name ?? draft.name, version: next.version };
      if (isNew) shelf.drafts = shelf.drafts.map((each) => (each.id === draft.id ? changed : each));
      if (isTaken || !isNew) throw conflict("The draft was changed meanwhile.");
      return changed;
    },
    removeDraft: ({ params }) => {
      const shelf = shelfOf(params);
      const removed = draftOf(shelf, params.draftId);
      shelf.drafts = shelf.drafts.filter((each) => each !== removed);
      return undefined;
    },
    readIdl: ({ body }) => {
      if (!Array.isArray(body.idl["instructions"])) {
        throw new FakeProblem(422, "manage.policy_invalid", "This is no IDL that can be read.", [
          { pointer: "/idl/instructions", detail: "must be a list" },
        ]);
      }
      const fields = [{ name: "seat", type: "u16" }];
      const accounts = ["buyer", "booth"];
      return {
        program: {
          address: body.programAddress ?? "Ticket1111111111111111111111111111111111111",
          name: "tickets",
          instructions: [
            { name: "buyTicket", discriminator: "0b1812 5fd8a1e5e1".replaceAll(" ", ""), arguments: fields, accounts },
            { name: "refund", discriminator: "0260b7fb3fd02e2e", arguments: [], accounts },
          ],
        },
        skipped: [{ instruction: "configure", reason: "its argument settings is a struct" }],
      };
    },
  };
}
