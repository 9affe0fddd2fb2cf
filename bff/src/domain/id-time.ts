const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/** The least id of a kind that was made at a millisecond or later: ids sort by their time. Source: the ULID layout. */
export function firstIdAt(prefix: string, epochMs: number): string {
  let time = Math.max(0, Math.floor(epochMs));
  let head = "";
  for (let index = 0; index < TIME_CHARS; index++) {
    head = ALPHABET.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  return `${prefix}_${head}${"0".repeat(RANDOM_CHARS)}`;
}
