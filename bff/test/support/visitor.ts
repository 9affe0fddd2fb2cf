import type { ProjectSeed, SeededProject } from "@gasless/db/factories";
import {
  type ApiAnswer,
  type ApiTarget,
  postRelay,
  prepareRelay,
  type RelayBody,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { PROBLEMS } from "../../src/errors.ts";
import { type Assembly, assembleMessage, type PlainInstruction, signMessage } from "./assemble.ts";
import { expectProblem, type ProblemBody } from "./problems.ts";
import type { Stack } from "./stack.ts";

export type RelayAnswer = ApiAnswer<RelayBody & Readonly<Record<string, unknown>>>;

/** Somebody who has signed in to a project. */
export interface Visitor {
  readonly target: ApiTarget & SeededProject;
  readonly wallet: LocalWallet;
  readonly token: string;
  readonly userId: string;
  readonly sponsor: string;
  /** Recent when the visitor came. */
  readonly blockhash: string;
}

/** A visitor of the given project. */
export async function visit(target: ApiTarget & SeededProject, wallet?: LocalWallet): Promise<Visitor> {
  const own = wallet ?? (await createWallet());
  const { accessToken, user } = await signIn(target, own);
  const { feePayer, lifetime } = await prepareRelay(target, accessToken);
  return { target, wallet: own, token: accessToken, userId: user.id, sponsor: feePayer, blockhash: lifetime.blockhash };
}

/** A visitor of a project that nobody else has. */
export const visitNewProject = async (stack: Stack, seed: Partial<ProjectSeed> = {}): Promise<Visitor> =>
  visit(await stack.createProject(seed));

/** The wire bytes of these instructions, paid by the sponsor and signed by the visitor. */
export function wireOf(
  { sponsor, blockhash, wallet }: Visitor,
  instructions: readonly PlainInstruction[],
  { others = [], ...changes }: Partial<Assembly> & { readonly others?: readonly LocalWallet[] } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return signMessage(assembleMessage({ feePayer: sponsor, blockhash, instructions, ...changes }), [wallet, ...others]);
}

export const post = ({ target, token }: Visitor, wire: Uint8Array, key?: string): Promise<RelayAnswer> =>
  postRelay(target, token, wire, key);

const PATIENCE = 8;

/**
 * As a client sends it: where a store did not answer within its deadline, which a burst on a small machine can bring
 * about, the same body goes again with the same key.
 */
export async function postPatiently(
  visitor: Visitor,
  wire: Uint8Array,
  key: string = crypto.randomUUID(),
): Promise<RelayAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(visitor, wire, key);
    if (answer.body["code"] !== "store.unavailable" || attempt === PATIENCE) return answer;
  }
}

/** Asserts a refusal whole, with the one status that its code has. */
export const expectRefusal = (answer: ApiAnswer<unknown>, code: ErrorCode): ProblemBody =>
  expectProblem(answer, PROBLEMS[code].status, code);

/** Everything that the ledger holds of a project. Amounts as text. */
export interface Ledger {
  readonly relays: Readonly<Record<string, number>>;
  readonly keys: number;
  readonly used: string;
  readonly held: string;
  /** Of holds that are not settled yet. */
  readonly openHolds: string;
  /** Of holds that are. */
  readonly charged: string;
}

export const EMPTY_LEDGER: Ledger = { relays: {}, keys: 0, used: "0", held: "0", openHolds: "0", charged: "0" };

export async function ledgerOf({ database }: Stack, { projectId }: Pick<SeededProject, "projectId">): Promise<Ledger> {
  const { rows } = await database.query<Ledger>(
    `with own as (select id from limits where project_id = $1),
      usage as (select u.* from limit_usage u join own on own.id = u.limit_id),
      holds as (select h.* from relay_holds h join own on own.id = h.limit_id)
    select
      (select coalesce(jsonb_object_agg(state, count), '{}') from
        (select state, count(*) from relays where project_id = $1 group by state) states) as relays,
      (select count(*)::integer from idempotency_keys where project_id = $1) as keys,
      (select coalesce(sum(used), 0)::text from usage) as used,
      (select coalesce(sum(held), 0)::text from usage) as held,
      (select coalesce(sum(amount) filter (where charged is null), 0)::text from holds) as "openHolds",
      (select coalesce(sum(charged), 0)::text from holds) as charged`,
    [projectId],
  );
  const [ledger] = rows;
  if (!ledger) throw new Error("the ledger answered nothing");
  return ledger;
}
