import { BridgeSocket } from "./bridge-socket.ts";
import { localStorage } from "./environment.ts";

const nothing = (): void => undefined;

/** The page as the protocol's code sees it: who it is, as a wallet tells a person, and a storage under names of ours. */
export const window = {
  localStorage,
  addEventListener: nothing,
  get document() {
    return globalThis.document;
  },
  get location() {
    return globalThis.location;
  },
  get navigator() {
    return globalThis.navigator;
  },
};

const scope = { crypto: globalThis.crypto, WebSocket: BridgeSocket };
export { scope as globalThis };
