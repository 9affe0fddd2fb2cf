/** Work that is done one after the other, in the order in which it came. */
export interface Turns {
  take<Value>(work: () => Promise<Value>): Promise<Value>;
  /** True while somebody has the turn. */
  isTaken(): boolean;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let isTaken = false;
  return {
    take(work) {
      const turn = last.then(async () => {
        isTaken = true;
        try {
          return await work();
        } finally {
          isTaken = false;
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    isTaken: () => isTaken,
  };
}
