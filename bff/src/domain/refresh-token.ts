import { base64urlnopad } from "@scure/base";
import { lengthPrefixed, uint32 } from "./bytes.ts";

/** `rt1.<kid>.<sid>.<counter>.<mac>`; nothing of it is stored. */
export interface RefreshToken {
  readonly kid: string;
  readonly sessionId: string;
  readonly counter: number;
  readonly mac: Uint8Array;
}

const FORM = /^rt1\.([A-Za-z0-9_-]{1,32})\.(ses_[0-9a-z]{26})\.(0|[1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, kid, sessionId, counter, mac] = FORM.exec(text) ?? [];
  if (!kid || !sessionId || !counter || !mac) return undefined;
  try {
    return { kid, sessionId, counter: Number(counter), mac: base64urlnopad.decode(mac) };
  } catch {
    return undefined;
  }
}

export function composeRefreshToken({ kid, sessionId, counter, mac }: RefreshToken): string {
  return `rt1.${kid}.${sessionId}.${counter}.${base64urlnopad.encode(mac)}`;
}

export function refreshMacInput(projectId: string, sessionId: string, counter: number): Uint8Array<ArrayBuffer> {
  const encode = (text: string) => new TextEncoder().encode(text);
  return lengthPrefixed(encode(projectId), encode(sessionId), uint32(counter));
}
