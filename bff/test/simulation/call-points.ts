import { AppError } from "../../src/errors.ts";

type Fault = "refused" | "lost" | "late";

/** A call of a port: where a process waits, and so where it can be overtaken, be lied to, or die. */
export interface CallPoint {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly deadlineMs: number;
  readonly error: () => AppError;
  /** Nothing outside the process comes between its effect and its answer. */
  readonly isQuiet: boolean;
}

const unavailable = (): AppError => new AppError("store.unavailable");

function store(name: string): CallPoint {
  return { name, faults: ["refused", "lost", "late"], deadlineMs: 3_000, error: unavailable, isQuiet: false };
}

function node(name: string, faults: readonly Fault[] = ["refused", "lost"]): CallPoint {
  return { name, faults, deadlineMs: 2_500, error: () => new AppError("upstream.rpc_timeout"), isQuiet: false };
}

function inside(name: string): CallPoint {
  return { name, faults: [], deadlineMs: 0, error: unavailable, isQuiet: true };
}

/** Every wait of the services, by the name of the port's function. */
export const POINTS = {
  sha256: inside("sha256"),
  verifySignature: inside("verifySignature"),
  findProject: store("findProject"),
  findKey: store("findKey"),
  reserveRelay: store("reserveRelay"),
  markSigned: store("markSigned"),
  markSubmitted: store("markSubmitted"),
  rejectRelay: store("rejectRelay"),
  abandonRelay: store("abandonRelay"),
  readRelay: store("readRelay"),
  recordRefusal: store("recordRefusal"),
  claimRelays: store("claimRelays"),
  settleRelays: store("settleRelays"),
  hasOpenRelays: store("hasOpenRelays"),
  beat: store("beat"),
  wake: store("wake"),
  simulate: node("simulate"),
  send: node("send", ["refused", "lost", "late"]),
  statuses: node("statuses"),
  newestTip: node("proveAbsent, newest tip"),
  ownTip: node("proveAbsent, one provider's tip"),
  history: node("proveAbsent, one provider's history"),
  blockhash: node("proveAbsent, one provider's blockhashes"),
  landed: node("landed"),
  sign: { ...node("sign"), error: () => new AppError("sponsor.unavailable") },
  /** What only the naive orders do. */
  naive: store("naive"),
} as const satisfies Readonly<Record<string, CallPoint>>;
