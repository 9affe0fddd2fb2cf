import type { ProviderHealth } from "../../../ports.ts";
import type { FaultKind, RpcEndpoint } from "./fault.ts";

/** How long a provider that has shown the right genesis hash is believed. */
const GENESIS_LIFE_MS = 30_000;
const QUARANTINE_MS = 60_000;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;
/** How long whoever tries an unwell provider is alone with it: as long as any answer may take. */
const PROBE_MS = 2_500;
/** After this, where a provider stood says nothing of where the chain is. */
const SLOT_LIFE_MS = 60_000;

export const GENESIS_METHOD = "getGenesisHash";

export type Commitment = "processed" | "confirmed" | "finalized";
export type QuarantineReason = "wrong_genesis" | "stale" | "ahead" | "denied_landed";

export interface ProviderSettings extends RpcEndpoint {
  readonly weight: number;
}

interface Trouble {
  readonly kind: FaultKind;
  /** One after the other, of this method. */
  readonly failures: number;
  readonly untilMs: number;
  readonly isProbed: boolean;
}

/** Where a provider has been seen, and the furthest that it can be by now. */
interface ShownSlot {
  readonly slot: bigint;
  readonly most: bigint;
}

export type Provider = ReturnType<typeof createProvider>;

/** What one isolate knows of a provider: values that expire, no promise and no timer. */
export function createProvider(endpoint: ProviderSettings, nowMs: () => number, fastestSlotMs: number) {
  const troubles = new Map<string, Trouble>();
  const slots = new Map<Commitment, { readonly slot: bigint; readonly atMs: number }>();
  let provenUntilMs = 0;
  let quarantined: { readonly reason: QuarantineReason; readonly untilMs: number } | undefined;
  let slotLag: number | undefined;

  const isProven = (): boolean => provenUntilMs > nowMs();

  /** Of the method, or of proving itself while it has to: without that, no method is of use. */
  function troubleOf(method: string): Trouble | undefined {
    const own = troubles.get(method);
    const proving = isProven() ? undefined : troubles.get(GENESIS_METHOD);
    return own && proving ? (own.untilMs > proving.untilMs ? own : proving) : (own ?? proving);
  }

  function beginOne(method: string): void {
    const trouble = troubles.get(method);
    if (trouble) troubles.set(method, { ...trouble, untilMs: nowMs() + PROBE_MS, isProbed: true });
  }

  const quarantineReason = (): QuarantineReason | undefined =>
    quarantined && quarantined.untilMs > nowMs() ? quarantined.reason : undefined;

  return {
    endpoint,
    isProven,
    /** It has shown the right genesis hash. */
    prove(): void {
      provenUntilMs = nowMs() + GENESIS_LIFE_MS;
      if (quarantined?.reason === "wrong_genesis") quarantined = undefined;
    },
    quarantineReason,
    /** Out of use for a minute; then its genesis is proven anew. False when it was out of use already, for a reason as good. */
    quarantine(reason: QuarantineReason): boolean {
      const before = quarantineReason();
      if (before === "wrong_genesis" || (before && reason !== "wrong_genesis")) return false;
      quarantined = { reason, untilMs: nowMs() + QUARANTINE_MS };
      provenUntilMs = 0;
      return true;
    },
    hasFailedProof: (): boolean => troubles.has(GENESIS_METHOD),
    isTroubled: (method: string): boolean => troubleOf(method) !== undefined,
    /** True while nothing is wrong with any method. */
    isSound: (): boolean => troubles.size === 0,
    /** When it wants to be tried with the method again; the past while all is well. */
    readyAtMs: (method: string): number => troubleOf(method)?.untilMs ?? 0,
    /** How much of the traffic it is worth. */
    score: (method: string): number =>
      endpoint.weight / (1 + (troubleOf(method)?.failures ?? 0)) / (troubles.size === 0 ? 1 : 2),
    /** It is about to be asked: while it is unwell, nobody else needs to find out at the same time. */
    begin(method: string): void {
      beginOne(method);
      if (!isProven()) beginOne(GENESIS_METHOD);
    },
    succeed: (method: string): void => void troubles.delete(method),
    fail(method: string, kind: FaultKind): void {
      const before = troubles.get(method);
      // Calls that began before the first of them failed tell nothing new.
      if (before && !before.isProbed && before.untilMs > nowMs()) return;
      const failures = (before?.failures ?? 0) + 1;
      const backOffMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
      troubles.set(method, { kind, failures, untilMs: nowMs() + backOffMs, isProbed: false });
    },
    showSlot(commitment: Commitment, slot: bigint, lag: bigint): void {
      slots.set(commitment, { slot, atMs: nowMs() });
      slotLag = Number(lag);
    },
    /** Where it was seen within the last minute. */
    shownSlot(commitment: Commitment): ShownSlot | undefined {
      const shown = slots.get(commitment);
      if (!shown || shown.atMs + SLOT_LIFE_MS <= nowMs()) return undefined;
      const ageMs = Math.max(0, nowMs() - shown.atMs);
      return { slot: shown.slot, most: shown.slot + BigInt(Math.ceil(ageMs / fastestSlotMs)) };
    },
    describeHealth(): ProviderHealth {
      const provider = endpoint.name;
      const reason = quarantineReason();
      if (reason) return { provider, state: "quarantined", reason, slotLag };
      const [trouble] = troubles.values();
      return trouble
        ? { provider, state: "unwell", reason: trouble.kind, slotLag }
        : { provider, state: "ok", slotLag };
    },
  };
}
