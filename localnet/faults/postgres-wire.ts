const READY_FOR_QUERY = 0x5a;
const TERMINATE = 0x58;
const HEADER_BYTES = 5;
const ENCRYPTION_REFUSED = 0x4e;

/**
 * Watches a server's bytes; true once a ReadyForQuery has passed: start-up and authentication are over.
 * Source: PostgreSQL 16, "Frontend/Backend Protocol": a type byte, then a length that counts itself.
 */
export function createReadyWatch(): (chunk: Uint8Array) => boolean {
  let isReady = false;
  let isFirst = true;
  let header: number[] = [];
  let bodyBytes = 0;

  return (chunk) => {
    // The answer to a request for encryption is one byte outside the framing.
    const start = isFirst && chunk.length === 1 && chunk[0] === ENCRYPTION_REFUSED ? 1 : 0;
    isFirst = false;
    for (let offset = start; offset < chunk.length && !isReady;) {
      if (bodyBytes > 0) {
        const step = Math.min(bodyBytes, chunk.length - offset);
        bodyBytes -= step;
        offset += step;
        continue;
      }
      header.push(chunk[offset] ?? 0);
      offset += 1;
      if (header.length < HEADER_BYTES) continue;
      isReady = header[0] === READY_FOR_QUERY;
      bodyBytes = readLength(header) - (HEADER_BYTES - 1);
      header = [];
    }
    return isReady;
  };
}

function readLength(header: readonly number[]): number {
  return header.slice(1).reduce((length, byte) => length * 256 + byte, 0);
}

/** A client that says goodbye waits for nothing. */
export function isOnlyTerminate(chunk: Uint8Array): boolean {
  return chunk.length === HEADER_BYTES && chunk[0] === TERMINATE;
}
