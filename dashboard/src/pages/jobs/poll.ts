import type { ReactiveController, ReactiveControllerHost } from "lit";

const FIRST_MS = 1_000;
const MOST_MS = 10_000;
const GROWTH = 1.5;

/** How long to wait before looking again: a second while things move, longer the longer nothing does. */
export const nextDelayMs = (quietLooks: number): number => Math.min(MOST_MS, FIRST_MS * GROWTH ** quietLooks);

interface PollSettings {
  /** Looks once. @throws what is shown elsewhere: it only makes the next look later */
  readonly look: () => Promise<"moved" | "quiet" | "over">;
  readonly schedule?: (run: () => void, ms: number) => () => void;
  /** Where visibility is told; a page that nobody sees asks for nothing. */
  readonly page?: Pick<Document, "hidden" | "addEventListener" | "removeEventListener">;
}

const later = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Looks again and again while its element is on the page and the page is in sight, until there is nothing to see. */
export class Poll implements ReactiveController {
  readonly #settings: Required<PollSettings>;
  #quietLooks = 0;
  #isOnPage = false;
  #isOn = false;
  #isLooking = false;
  #cancel: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, settings: PollSettings) {
    this.#settings = { look: settings.look, schedule: settings.schedule ?? later, page: settings.page ?? document };
    host.addController(this);
  }

  hostConnected(): void {
    this.#isOnPage = true;
    this.#settings.page.addEventListener("visibilitychange", this.#onVisibility);
  }

  hostDisconnected(): void {
    this.#isOnPage = false;
    this.stop();
    this.#settings.page.removeEventListener("visibilitychange", this.#onVisibility);
  }

  /** Begins, unless it has begun already, or the page was left before the answer came that it follows. */
  start(): void {
    if (this.#isOn || !this.#isOnPage) return;
    this.#isOn = true;
    this.#quietLooks = 0;
    this.#plan();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #onVisibility = (): void => {
    if (!this.#isOn) return;
    if (this.#settings.page.hidden) this.#cancel?.();
    else void this.#run();
  };

  #plan(): void {
    this.#cancel?.();
    if (this.#settings.page.hidden) return;
    this.#cancel = this.#settings.schedule(() => void this.#run(), nextDelayMs(this.#quietLooks));
  }

  async #run(): Promise<void> {
    if (this.#isLooking) return;
    this.#cancel?.();
    this.#isLooking = true;
    const seen = await this.#settings.look().catch(() => "quiet" as const);
    this.#isLooking = false;
    this.#quietLooks = seen === "moved" ? 0 : this.#quietLooks + 1;
    if (seen === "over") this.stop();
    if (this.#isOn) this.#plan();
  }
}
