import type { CreatedKey } from "../../../../bff/src/contract/manage/projects.ts";

/** A key was made: this is the only time that it is there as a whole. */
export class KeyMadeEvent extends Event {
  readonly key: CreatedKey;

  constructor(key: CreatedKey) {
    super("key-made");
    this.key = key;
  }
}
