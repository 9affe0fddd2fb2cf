export const OVERLAPS = [
  { value: "0", label: "None: the old one stops now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
] as const;

interface RolledKey {
  readonly kind: "publishable" | "secret";
  readonly lastFour: string;
  readonly endsAt: string | null;
}

export interface RollStep {
  readonly at: string;
  readonly what: string;
}

const clock = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** What happens when a key is rolled, in its order. A key that ends before the overlap does is not made to live longer. */
export function rollSteps({ kind, lastFour, endsAt }: RolledKey, overlapSeconds: number, nowMs: number): RollStep[] {
  const asked = nowMs + overlapSeconds * 1000;
  const endsAtMs = endsAt === null ? asked : Math.min(asked, Date.parse(endsAt));
  const where = kind === "publishable" ? "on your pages" : "on your servers";
  const made = { at: "Now", what: "A new key is made and shown once. It opens at once." };
  if (overlapSeconds === 0) {
    return [
      made,
      {
        at: "Now",
        what: `The key …${lastFour} stops: whatever still uses it ${where} is refused within five seconds.`,
      },
    ];
  }
  return [
    made,
    {
      at: `Until ${clock.format(endsAtMs)}`,
      what: `Both open. Put the new key ${where} meanwhile: no request is refused.`,
    },
    { at: clock.format(endsAtMs), what: `The key …${lastFour} stops by itself.` },
  ];
}
