import { describe, expect, test } from "vitest";
import { createReadyWatch, isOnlyTerminate } from "./postgres-wire.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const AUTHENTICATION_OK = bytes("R\0\0\0\u0008\0\0\0\0");
/** Its body holds the byte of ReadyForQuery, which means nothing there. */
const PARAMETER = bytes("S\0\0\0\u0008ZZZZ");
const READY = bytes("Z\0\0\0\u0005I");
const STARTUP = Uint8Array.from([...AUTHENTICATION_OK, ...PARAMETER, ...READY]);

describe("PostgreSQL's wire", () => {
  test("start-up ends with ReadyForQuery, however the bytes are cut", () => {
    for (const size of [1, 2, 3, 7, STARTUP.length]) {
      const watch = createReadyWatch();
      const answers: boolean[] = [];
      for (let offset = 0; offset < STARTUP.length; offset += size) {
        answers.push(watch(STARTUP.subarray(offset, offset + size)));
      }
      expect(answers.at(-1)).toBe(true);
      const firstReady = answers.indexOf(true) * size;
      expect(firstReady).toBeGreaterThanOrEqual(STARTUP.length - READY.length - size + 1);
    }
  });

  test("authentication alone is not readiness", () => {
    const watch = createReadyWatch();
    expect(watch(AUTHENTICATION_OK)).toBe(false);
    expect(watch(PARAMETER)).toBe(false);
  });

  test("a refused encryption request comes before the framing", () => {
    const watch = createReadyWatch();
    expect(watch(bytes("N"))).toBe(false);
    expect(watch(STARTUP)).toBe(true);
  });

  test("only a lone Terminate is a goodbye", () => {
    expect(isOnlyTerminate(bytes("X\0\0\0\u0004"))).toBe(true);
    expect(isOnlyTerminate(bytes("Q\0\0\0\u0004"))).toBe(false);
    expect(isOnlyTerminate(bytes("S\0\0\0\u0004X\0\0\0\u0004"))).toBe(false);
  });
});
