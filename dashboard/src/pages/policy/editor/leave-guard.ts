import type { ReactiveController, ReactiveControllerHost } from "lit";
import { holdAddress } from "../../../app/leave.ts";
import { confirm } from "../../../ui/confirm.ts";

interface GuardSettings {
  /** Whether something would be lost now. */
  readonly isUnsaved: () => boolean;
  /** Saves what waits; tried before the person is asked. */
  readonly save: () => Promise<void>;
  readonly navigate: (address: string) => void;
}

/** Nothing is lost on the way out: what waits is saved first, and where that fails, the person is asked. */
export class LeaveGuard implements ReactiveController {
  readonly #settings: GuardSettings;
  #here = "";
  #letGo: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, settings: GuardSettings) {
    this.#settings = settings;
    host.addController(this);
  }

  hostConnected(): void {
    this.#letGo = holdAddress(this.#hold);
    window.addEventListener("beforeunload", this.#onUnload);
  }

  hostUpdated(): void {
    if (!this.#settings.isUnsaved()) this.#here = location.pathname + location.search;
  }

  hostDisconnected(): void {
    this.#letGo?.();
    window.removeEventListener("beforeunload", this.#onUnload);
  }

  readonly #hold = (address: string, isBack: boolean): boolean => {
    if (!this.#settings.isUnsaved()) return false;
    // The browser has changed the address already: it is put back until it is clear that it may.
    if (isBack) history.pushState(null, "", this.#here);
    void this.#leave(address);
    return true;
  };

  async #leave(address: string): Promise<void> {
    const { save, isUnsaved, navigate } = this.#settings;
    await save();
    const mayGo =
      !isUnsaved() ||
      (await confirm({
        heading: "Leave without saving?",
        body: "Your last changes of this draft could not be saved. They are lost when you leave.",
        action: "Leave",
        isDangerous: true,
      }));
    if (mayGo) navigate(address);
  }

  readonly #onUnload = (event: BeforeUnloadEvent): void => {
    if (this.#settings.isUnsaved()) event.preventDefault();
  };
}
