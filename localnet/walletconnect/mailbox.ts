/** Messages for topics that nobody listens to yet: bounded in number, bytes and age, the oldest go first. */
export interface Mailbox {
  keep(topic: string, message: string): void;
  /** What was kept for the topic, oldest first; it is kept no longer. */
  take(topic: string): readonly string[];
  readonly count: number;
}

export interface MailboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

interface Kept {
  readonly topic: string;
  readonly message: string;
  readonly keptAtMs: number;
}

export function createMailbox(limits: MailboxLimits, nowMs: () => number): Mailbox {
  let kept: Kept[] = [];
  let bytes = 0;

  function dropUntilWithin(): void {
    const oldestAtMs = nowMs() - limits.maxAgeMs;
    let dropped = 0;
    for (const { message, keptAtMs } of kept) {
      const isWithin = keptAtMs > oldestAtMs && kept.length - dropped <= limits.maxMessages && bytes <= limits.maxBytes;
      if (isWithin) break;
      bytes -= Buffer.byteLength(message);
      dropped += 1;
    }
    if (dropped > 0) kept = kept.slice(dropped);
  }

  return {
    keep(topic, message) {
      kept.push({ topic, message, keptAtMs: nowMs() });
      bytes += Buffer.byteLength(message);
      dropUntilWithin();
    },
    take(topic) {
      dropUntilWithin();
      const taken = kept.filter((entry) => entry.topic === topic).map(({ message }) => message);
      kept = kept.filter((entry) => entry.topic !== topic);
      for (const message of taken) bytes -= Buffer.byteLength(message);
      return taken;
    },
    get count() {
      dropUntilWithin();
      return kept.length;
    },
  };
}
