type Handler = ((event: unknown) => void) | null;

const OPEN = 1;
const CLOSED = 3;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 4_000;

let failures = 0;
let isOpen = false;
const waiting = new Set<() => void>();
const watchers = new Set<(isOpen: boolean) => void>();

function report(state: boolean): void {
  if (state === isOpen) return;
  isOpen = state;
  for (const tell of watchers) tell(isOpen);
}

/** What was tried before does not count any more: the next socket opens at once. */
export function startAfresh(): void {
  failures = 0;
  report(false);
}

/** Tells whether the bridge is there, now and with every change; gives how to stop. */
export function watchBridge(tell: (isOpen: boolean) => void): () => void {
  watchers.add(tell);
  tell(isOpen);
  return () => watchers.delete(tell);
}

/** Who comes back to the page, or to the network, does not wait for the next attempt. */
function hurry(): void {
  for (const connect of waiting) connect();
}
globalThis.addEventListener?.("online", hurry);
globalThis.document?.addEventListener("visibilitychange", hurry);

/**
 * What the protocol takes for a WebSocket. It asks for a new one each second, for ever, while there is no bridge: this one
 * waits before it knocks again, longer each time, and tells how things stand.
 */
export class BridgeSocket {
  onopen: Handler = null;
  onclose: Handler = null;
  onerror: Handler = null;
  onmessage: Handler = null;
  #socket: WebSocket | undefined;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string) {
    const connect = (): void => {
      waiting.delete(connect);
      clearTimeout(this.#timer);
      if (!this.#isClosed) this.#connect(url);
    };
    if (failures === 0) {
      queueMicrotask(connect);
    } else {
      waiting.add(connect);
      this.#timer = setTimeout(connect, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS));
    }
  }

  get readyState(): number {
    return this.#isClosed ? CLOSED : (this.#socket?.readyState ?? 0);
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const wasOpen = this.#socket?.readyState === OPEN;
    this.#socket?.close();
    if (wasOpen) report(false);
  }

  #connect(url: string): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch (error) {
      // A page's policy may refuse it at once.
      this.#fail(error);
      return;
    }
    this.#socket = socket;
    socket.addEventListener("open", (event) => {
      if (this.#isClosed) return;
      failures = 0;
      report(true);
      this.onopen?.(event);
    });
    socket.addEventListener("message", (event) => this.onmessage?.(event));
    socket.addEventListener("close", (event) => this.#fail(event));
  }

  #fail(reason: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    failures += 1;
    report(false);
    this.onerror?.(reason);
    this.onclose?.(reason);
  }
}
