/** The fields of an Algorand transaction, each as the bytes that it is written in. */
export type Fields = ReadonlyMap<string, Uint8Array>;

const MAX_DEPTH = 8;

/**
 * Reads a map of canonical msgpack: text keys in ascending order, nothing behind it, and no kind of value that no
 * transaction has. Undefined when it is not that. Source: Algorand developer docs, "Encoding"; msgpack specification.
 */
export function readFields(bytes: Uint8Array): Fields | undefined {
  const fields = new Map<string, Uint8Array>();
  try {
    const end = eachEntry(bytes, 0, 0, (key, from, to) => fields.set(key, bytes.subarray(from, to)));
    return end === bytes.length ? fields : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Writes fields as `readFields` reads them: what came of it is the same bytes again. */
export function writeFields(fields: Fields): Uint8Array<ArrayBuffer> {
  const head = fields.size < 16 ? [0x80 | fields.size] : [0xde, fields.size >> 8, fields.size & 0xff];
  return Uint8Array.from([...head, ...[...fields].flatMap(([key, value]) => [...writeText(key), ...value])]);
}

/** A short text, as keys are. */
export const writeText = (text: string): number[] => [0xa0 | text.length, ...new TextEncoder().encode(text)];

/** Bytes, up to 255 of them. */
export const writeBytes = (bytes: Uint8Array): number[] => [0xc4, bytes.length, ...bytes];

/** A whole number as the one that it stands for; zero for a field that is not there. */
export function readNumber(value: Uint8Array | undefined): bigint | undefined {
  const [head, ...rest] = value ?? [0];
  if (head === undefined) return undefined;
  if (head < 0x80) return BigInt(head);
  return head >= 0xcc && head <= 0xcf ? rest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) : undefined;
}

const refuse = (): never => {
  throw new RangeError("no transaction's msgpack");
};

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? refuse();
}

function readLength(bytes: Uint8Array, at: number, size: number): number {
  let length = 0;
  for (let index = 0; index < size; index++) length = length * 256 + byteAt(bytes, at + index);
  return length;
}

function eachEntry(
  bytes: Uint8Array,
  at: number,
  depth: number,
  take: (key: string, from: number, to: number) => void,
): number {
  const head = byteAt(bytes, at);
  const isShort = head >> 4 === 0x8;
  const count = isShort ? head & 0xf : readLength(bytes, at + 1, 2);
  // What would fit into the short form is written in no other.
  if (!isShort && (head !== 0xde || count < 16)) refuse();
  let next = isShort ? at + 1 : at + 3;
  let before = "";
  for (let left = count; left > 0; left--) {
    const length = byteAt(bytes, next) - 0xa0;
    if (length > 31) refuse();
    const from = next + 1 + length;
    const key = new TextDecoder().decode(bytes.subarray(next + 1, from));
    if (!/^[a-z]+$/.test(key) || key <= before) refuse();
    before = key;
    next = skip(bytes, from, depth + 1);
    take(key, from, next);
  }
  return next;
}

/** Gives where the value that begins at `at` ends. */
function skip(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > MAX_DEPTH) refuse();
  const head = byteAt(bytes, at);
  const end = (to: number) => (to <= bytes.length ? to : refuse());
  if (head < 0x80 || head === 0xc2 || head === 0xc3) return at + 1;
  if (head < 0x90 || head === 0xde) return eachEntry(bytes, at, depth, () => undefined);
  if (head < 0xa0) return skipItems(bytes, at + 1, head & 0xf, depth);
  if (head < 0xc0) return end(at + 1 + (head & 0x1f));
  if (head === 0xc4 || head === 0xd9) return end(at + 2 + readLength(bytes, at + 1, 1));
  if (head === 0xc5 || head === 0xda) return end(at + 3 + readLength(bytes, at + 1, 2));
  if (head >= 0xcc && head <= 0xcf) return end(at + 1 + 2 ** (head - 0xcc));
  if (head === 0xdc) return skipItems(bytes, at + 3, readLength(bytes, at + 1, 2), depth);
  return refuse();
}

function skipItems(bytes: Uint8Array, at: number, count: number, depth: number): number {
  let next = at;
  for (let left = count; left > 0; left--) next = skip(bytes, next, depth + 1);
  return next;
}
