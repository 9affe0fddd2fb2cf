/** Deeper than any transaction, and far from the end of the stack. */
const MAX_DEPTH = 16;

/**
 * Cuts a stream of msgpack values into one slice per value.
 * @throws Error when the last value is cut off, too deep, or of a kind that a transaction cannot hold.
 */
export function splitMsgpack(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = skipValue(view, start, 0);
    values.push(bytes.subarray(start, end));
    start = end;
  }
  return values;
}

function skipValue(view: DataView, at: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new Error("msgpack decode error: nested too deeply");
  const { head, end, entries } = readHead(view, at);
  if (end > view.byteLength) throw new Error("msgpack decode error: unexpected EOF");
  // Each entry takes a byte at least, so a false count ends at the end of the bytes.
  let position = end;
  for (let index = 0; index < entries; index += 1) position = skipValue(view, position, depth + 1);
  if (position <= at) throw new Error(`msgpack decode error: unexpected byte ${head}`);
  return position;
}

interface Head {
  readonly head: number;
  /** Where the value ends, or its first entry begins. */
  readonly end: number;
  readonly entries: number;
}

function readHead(view: DataView, at: number): Head {
  if (at >= view.byteLength) throw new Error("msgpack decode error: unexpected EOF");
  const head = view.getUint8(at);
  const leaf = (size: number): Head => ({ head, end: at + 1 + size, entries: 0 });
  const bytesAfter = (sizeBytes: number): Head => ({
    head,
    end: at + 1 + sizeBytes + readSize(view, at + 1, sizeBytes),
    entries: 0,
  });
  const container = (sizeBytes: number, perEntry: number): Head => ({
    head,
    end: at + 1 + sizeBytes,
    entries: readSize(view, at + 1, sizeBytes) * perEntry,
  });
  if (head <= 0x7f || head >= 0xe0) return leaf(0);
  if (head <= 0x8f) return { head, end: at + 1, entries: (head & 0x0f) * 2 };
  if (head <= 0x9f) return { head, end: at + 1, entries: head & 0x0f };
  if (head <= 0xbf) return leaf(head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return leaf(0);
    case 0xc4:
    case 0xd9:
      return bytesAfter(1);
    case 0xc5:
    case 0xda:
      return bytesAfter(2);
    case 0xc6:
    case 0xdb:
      return bytesAfter(4);
    case 0xcc:
    case 0xd0:
      return leaf(1);
    case 0xcd:
    case 0xd1:
      return leaf(2);
    case 0xce:
    case 0xd2:
      return leaf(4);
    case 0xcf:
    case 0xd3:
      return leaf(8);
    case 0xdc:
      return container(2, 1);
    case 0xdd:
      return container(4, 1);
    case 0xde:
      return container(2, 2);
    case 0xdf:
      return container(4, 2);
    default:
      throw new Error(`msgpack decode error: unexpected byte ${head}`);
  }
}

function readSize(view: DataView, at: number, sizeBytes: number): number {
  if (at + sizeBytes > view.byteLength) throw new Error("msgpack decode error: unexpected EOF");
  if (sizeBytes === 1) return view.getUint8(at);
  return sizeBytes === 2 ? view.getUint16(at) : view.getUint32(at);
}
