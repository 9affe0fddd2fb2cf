import { decodeJSON, encodeMsgpack, modelsv2, msgpackRawDecodeAsMap, msgpackRawEncode } from "algosdk";
import { AlgodError } from "../endpoint.ts";
import type { AlgodContext, AlgodReply, AlgodRequest } from "../endpoint.ts";
import type { Effects } from "../evaluate-group.ts";
import { readAccount } from "../ledger-state.ts";
import type { State } from "../ledger-state.ts";
import { reply } from "../reply.ts";
import { hasSignature, MAX_GROUP_SIZE, readWireTransaction, withAuthorizer } from "../wire-transaction.ts";
import type { WireTransaction } from "../wire-transaction.ts";
import { reportedRound } from "./node.ts";
import { describeOutcome, readBody } from "./transactions.ts";

interface Simulation {
  readonly group: readonly WireTransaction[];
  /** A signature that is absent is taken for right. */
  readonly isSignatureOptional: boolean;
  /** Who has to sign is taken from the chain, for what is not signed. */
  readonly isSignerFixed: boolean;
}

/** How a group ended: with what each did, or with the first reason why not. */
interface Outcome {
  readonly effects: readonly Effects[];
  readonly failure?: { readonly message: string; readonly index: number };
}

const RESULT_VERSION = 2;

/** Executes the group above the newest round and forgets it. */
export function answerSimulate({ body, query }: AlgodRequest, context: AlgodContext): AlgodReply {
  const simulation = readBody(() => readSimulation(body));
  const { isSignatureOptional, isSignerFixed } = simulation;
  if (isSignerFixed && !isSignatureOptional) {
    throw new AlgodError(400, "FixSigners requires AllowEmptySignatures to be enabled");
  }
  const group = isSignerFixed ? fixSigners(simulation.group, context.chain.state) : simulation.group;
  const { effects, failure } = simulate(group, isSignatureOptional, context);
  const response = {
    version: RESULT_VERSION,
    "last-round": reportedRound(context),
    "txn-groups": [
      {
        "txn-results": group.map((wire, index) => ({
          "txn-result": describeOutcome(wire, effects[index]),
          "fixed-signer": wire.authorizer === simulation.group[index]?.authorizer ? undefined : wire.authorizer,
        })),
        "failure-message": failure?.message,
        "failed-at": failure === undefined ? undefined : [failure.index],
      },
    ],
    "eval-overrides": isSignatureOptional
      ? { "allow-empty-signatures": true, "fix-signers": isSignerFixed || undefined }
      : undefined,
  };
  return reply(response, query);
}

function simulate(group: readonly WireTransaction[], isSignatureOptional: boolean, { chain }: AlgodContext): Outcome {
  const failure = chain.check(group, isSignatureOptional);
  if (failure !== null) {
    const { message, index, isNotEvaluated } = failure;
    // As algod: what is the whole group's fault is a false request, not a result.
    if (index === null || isNotEvaluated) throw new AlgodError(400, message);
    return { effects: [], failure: { message, index } };
  }
  const evaluation = chain.evaluate(group);
  if (evaluation.kind === "accepted") return { effects: evaluation.effects };
  return { effects: evaluation.effects, failure: { message: evaluation.message, index: evaluation.index } };
}

/** An account may be rekeyed by an earlier transaction of the same group. */
function fixSigners(group: readonly WireTransaction[], state: State): WireTransaction[] {
  const rekeyed = new Map<string, string>();
  return group.map((wire) => {
    const { sender, transaction } = wire;
    const authorizer = rekeyed.get(sender) ?? readAccount(state, sender).authAddress ?? sender;
    if (transaction.rekeyTo !== undefined) rekeyed.set(sender, transaction.rekeyTo.toString());
    return hasSignature(wire) ? wire : withAuthorizer(wire, authorizer === sender ? null : authorizer);
  });
}

/** Msgpack or JSON, as algod tells them apart: by trying. */
function readSimulation(body: Uint8Array): Simulation {
  const isJson = body[0] === "{".charCodeAt(0);
  const request = isJson ? readJson(body) : readMsgpack(body);
  const [group, ...others] = request.groups;
  if (group === undefined || others.length > 0) {
    throw new Error(`expected 1 transaction group, got ${request.groups.length}`);
  }
  if (group.length === 0) throw new Error("empty txgroup");
  if (group.length > MAX_GROUP_SIZE) {
    throw new Error(`transaction group size ${group.length} exceeds protocol max ${MAX_GROUP_SIZE}`);
  }
  return { group: group.map(readWireTransaction), ...request.flags };
}

interface RawSimulation {
  readonly groups: readonly (readonly Uint8Array[])[];
  readonly flags: Pick<Simulation, "isSignatureOptional" | "isSignerFixed">;
}

function readJson(body: Uint8Array): RawSimulation {
  const request = decodeJSON(Buffer.from(body).toString("utf8"), modelsv2.SimulateRequest);
  return {
    groups: request.txnGroups.map(({ txns }) => txns.map((signed) => encodeMsgpack(signed))),
    flags: {
      isSignatureOptional: request.allowEmptySignatures === true,
      isSignerFixed: request.fixSigners === true,
    },
  };
}

/** Without algosdk's model, which leaves out what it does not know instead of refusing it. */
function readMsgpack(body: Uint8Array): RawSimulation {
  const request = asMap(msgpackRawDecodeAsMap(body));
  const groups = asList(request.get("txn-groups") ?? []).map((group) =>
    asList(asMap(group).get("txns") ?? []).map((signed) => msgpackRawEncode(asMap(signed))),
  );
  return {
    groups,
    flags: {
      isSignatureOptional: request.get("allow-empty-signatures") === true,
      isSignerFixed: request.get("fix-signers") === true,
    },
  };
}

function asMap(value: unknown): ReadonlyMap<unknown, unknown> {
  if (!(value instanceof Map)) throw new Error("msgpack decode error: expected a map");
  return value;
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("msgpack decode error: expected a list");
  return value;
}
