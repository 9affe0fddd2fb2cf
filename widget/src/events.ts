import type { GaslessError } from "./errors.ts";
import type { Relay, Session } from "./api/types.ts";
import type { Status } from "./public.ts";

const HEARD_OUTSIDE: EventInit = { bubbles: true, composed: true };

/** The status of the widget changed. */
export class StatusChangedEvent extends Event {
  readonly status: Status;
  readonly address: string | null;
  constructor(status: Status, address: string | null) {
    super("gasless-status-changed", HEARD_OUTSIDE);
    this.status = status;
    this.address = address;
  }
}

/** A wallet has proved itself, here or in another tab, or a kept session was found. */
export class SignedInEvent extends Event {
  readonly address: string;
  readonly session: Session;
  constructor(address: string, session: Session) {
    super("gasless-signed-in", HEARD_OUTSIDE);
    this.address = address;
    this.session = session;
  }
}

/** The session has ended: `reason` says whether somebody signed out or the server ended it. */
export class SignedOutEvent extends Event {
  readonly reason: "signed-out" | "ended";
  constructor(reason: "signed-out" | "ended") {
    super("gasless-signed-out", HEARD_OUTSIDE);
    this.reason = reason;
  }
}

/** A sponsored transaction came further; `relay` is as the API shows it. */
export class RelayChangedEvent extends Event {
  readonly relay: Relay;
  constructor(relay: Relay) {
    super("gasless-relay-changed", HEARD_OUTSIDE);
    this.relay = relay;
  }
}

/** A sponsored transaction has ended: `relay.state` is `finalized`, `failed`, `expired` or `rejected`. */
export class RelaySettledEvent extends Event {
  readonly relay: Relay;
  constructor(relay: Relay) {
    super("gasless-relay-settled", HEARD_OUTSIDE);
    this.relay = relay;
  }
}

/** Something failed; a person was told already. */
export class GaslessErrorEvent extends Event {
  readonly error: GaslessError;
  constructor(error: GaslessError) {
    super("gasless-error", HEARD_OUTSIDE);
    this.error = error;
  }
}

export interface GaslessEventMap {
  "gasless-status-changed": StatusChangedEvent;
  "gasless-signed-in": SignedInEvent;
  "gasless-signed-out": SignedOutEvent;
  "gasless-relay-changed": RelayChangedEvent;
  "gasless-relay-settled": RelaySettledEvent;
  "gasless-error": GaslessErrorEvent;
}
