/** What the same person saves of a draft in other tabs. */
export interface OwnTabs {
  /** Tells the others which version was saved here. */
  tell(version: string): void;
  /** Whether a version is the last one that another tab saved. */
  isTheirs(version: string): boolean;
  close(): void;
}

/** Tabs of one browser that have a draft open, and the same person signed in. */
export function createOwnTabs(userId: string, draftId: string): OwnTabs {
  const channel = new BroadcastChannel(`gasless-draft ${userId} ${draftId}`);
  let last: unknown;
  channel.addEventListener("message", ({ data }) => {
    last = data;
  });
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin
    tell: (version) => channel.postMessage(version),
    isTheirs: (version) => version === last,
    close: () => channel.close(),
  };
}
