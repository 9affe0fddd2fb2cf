const ROUNDS = 80;
const BLOCK_BYTES = 128;
const word = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The first 64 bits behind the point of the cube roots of the first 80 primes. Source: FIPS 180-4, section 4.2.3. */
const CONSTANTS = firstPrimes(ROUNDS).map((prime) => word(cubeRoot(BigInt(prime) << 192n)));

/** Source: FIPS 180-4, section 5.3.6.2. */
const START = [
  0x22312194fc2bf72cn,
  0x9f555fa3c84c64c2n,
  0x2393b86b6f53b151n,
  0x963877195940eabdn,
  0x96283ee2a88effe3n,
  0xbe5e1e2553863992n,
  0x2b0199fc2c85b8aan,
  0x0eb72ddc81c52ca2n,
];

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

function cubeRoot(value: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 68n; bit > 0n; bit >>= 1n) {
    if ((root | bit) ** 3n <= value) root |= bit;
  }
  return root;
}

const turn = (value: bigint, by: bigint): bigint => word((value >> by) | (value << (64n - by)));

/** What Algorand calls a hash; no browser has it. Plain rather than fast: a group is a few kilobytes. Source: FIPS 180-4. */
export function sha512_256(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const padded = new Uint8Array(Math.ceil((length + 17) / BLOCK_BYTES) * BLOCK_BYTES);
  let at = 0;
  for (const part of parts) {
    padded.set(part, at);
    at += part.length;
  }
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(length) * 8n);
  let state = START;
  for (let from = 0; from < padded.length; from += BLOCK_BYTES) state = compress(state, view, from);
  const hash = new DataView(new ArrayBuffer(32));
  for (const [index, value] of state.slice(0, 4).entries()) hash.setBigUint64(index * 8, value);
  return new Uint8Array(hash.buffer);
}

function compress(state: readonly bigint[], view: DataView, from: number): bigint[] {
  const words = Array.from({ length: 16 }, (_, index) => view.getBigUint64(from + index * 8));
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (const [round, constant] of CONSTANTS.entries()) {
    if (round >= 16) {
      const [w16 = 0n, w15 = 0n, w7 = 0n, w2 = 0n] = [16, 15, 7, 2].map((back) => words[round - back]);
      const s0 = turn(w15, 1n) ^ turn(w15, 8n) ^ (w15 >> 7n);
      words.push(word(w16 + s0 + w7 + (turn(w2, 19n) ^ turn(w2, 61n) ^ (w2 >> 6n))));
    }
    const choice = (e & f) ^ (~e & g);
    const first = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + choice + constant + (words[round] ?? 0n);
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [word(first + second), a, b, c, word(d + first), e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((value, index) => word(value + (state[index] ?? 0n)));
}
