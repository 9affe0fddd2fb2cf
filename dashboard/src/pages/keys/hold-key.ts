import type { ReactiveControllerHost } from "lit";
import { holdAddress } from "../../app/leave.ts";
import { confirm } from "../../ui/confirm.ts";

interface HoldSettings {
  /** Whether there is a key now, or one on its way, that nobody can read later. */
  readonly isHeld: () => boolean;
  /** What is lost, in a sentence or two. */
  readonly body: string;
  /** The person leaves without it. */
  readonly leave: (address: string) => void;
}

/** Nobody leaves a key by a slip that is shown only once. */
export function holdKey(host: ReactiveControllerHost, { isHeld, body, leave }: HoldSettings): void {
  let here = "";
  let letGo: (() => void) | undefined;

  const ask = async (address: string): Promise<void> => {
    const isSure = await confirm({ heading: "Leave without the key?", body, action: "Leave it", isDangerous: true });
    if (isSure) leave(address);
  };
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (isHeld()) event.preventDefault();
  };

  host.addController({
    hostConnected() {
      here = location.pathname + location.search;
      letGo = holdAddress((address, isBack) => {
        if (!isHeld()) return false;
        // The browser has changed the address already: it is put back until it is clear that it may.
        if (isBack) history.pushState(null, "", here);
        void ask(address);
        return true;
      });
      window.addEventListener("beforeunload", onUnload);
    },
    hostDisconnected() {
      letGo?.();
      window.removeEventListener("beforeunload", onUnload);
    },
  });
}
