import type { ReactiveElement } from "lit";
import type { CreatedKey } from "../../../../bff/src/contract/manage/projects.ts";
import type { App } from "../../app/context.ts";
import { toast } from "../../ui/toast.ts";
import { holdKey } from "./hold-key.ts";
import { KeyMadeEvent } from "./key-made-event.ts";

interface MakingSettings {
  /** Whether a key is being made now. */
  readonly isBusy: () => boolean;
  readonly app: () => App;
}

/** A dialog that makes a key: it is neither closed nor left by a slip while the key is on its way. */
export class MakingKey {
  readonly #host: ReactiveElement;
  readonly #isBusy: () => boolean;

  constructor(host: ReactiveElement, { isBusy, app }: MakingSettings) {
    this.#host = host;
    this.#isBusy = isBusy;
    holdKey(host, {
      isHeld: isBusy,
      body: "It is being made at this moment. When you leave, it is not shown to you: you would have to revoke it.",
      leave: (address) => app().navigate(address),
    });
  }

  /** Closes the dialog, unless its key is on its way. */
  readonly close = (): void => {
    // A browser closes a dialog by itself at Escape: it is shown again.
    if (this.#isBusy()) this.#host.requestUpdate();
    else this.#host.dispatchEvent(new Event("key-closed"));
  };

  /** Hands the key over, or says that there is one which nobody was shown. */
  handOver(key: CreatedKey): void {
    if (this.#host.isConnected) {
      this.#host.dispatchEvent(new KeyMadeEvent(key));
      this.close();
      return;
    }
    toast(`The key …${key.lastFour} was made after you had left, and nobody has it: revoke it under Keys.`, "bad");
  }
}
