/** A transaction that was asked about, so that it can be asked about again after the policy has been changed. */
export interface Asked {
  readonly network: string;
  readonly wallet: string;
  readonly pasted: string;
}

let last: Asked | undefined;

/** Kept while the page is open, in memory alone. */
export function remember(asked: Asked): void {
  last = asked;
}

/** Of whoever was signed in: it is not the next person's. */
export function forget(): void {
  last = undefined;
}

export const recall = (): Asked | undefined => last;
