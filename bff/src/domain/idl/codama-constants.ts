import { base58, base64, hex } from "@scure/base";
import { fieldOf, textOf } from "./json.ts";

/** Longer ones are no discriminator of a policy. */
const MAX_BYTES = 32;

const NUMBER = /^u(8|16|32|64)$/;

function decode(text: string, encoding: string | undefined): Uint8Array | undefined {
  // Twice what 32 bytes take in the longest spelling.
  if (text.length > 4 * MAX_BYTES) return undefined;
  try {
    if (encoding === "base16") return hex.decode(text);
    if (encoding === "base58") return base58.decode(text);
    if (encoding === "base64") return base64.decode(text);
    return encoding === "utf8" ? new TextEncoder().encode(text) : undefined;
  } catch {
    return undefined;
  }
}

function writeNumber(type: unknown, value: unknown): Uint8Array | undefined {
  const [, bits] = NUMBER.exec(textOf(type, "format") ?? "") ?? [];
  const isLittle = (textOf(type, "endian") ?? "le") === "le";
  if (bits === undefined || !isLittle || typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
  const sizeBytes = Number(bits) / 8;
  if (value < 0 || BigInt(value) >= 1n << BigInt(bits)) return undefined;
  return Uint8Array.from({ length: sizeBytes }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 0xffn));
}

/** The bytes of a value that is always the same, or undefined where they cannot be told. */
export function encodeConstant(type: unknown, value: unknown): Uint8Array | undefined {
  if (textOf(value, "kind") === "numberValueNode") {
    return textOf(type, "kind") === "numberTypeNode" ? writeNumber(type, fieldOf(value, "number")) : undefined;
  }
  if (textOf(value, "kind") !== "bytesValueNode") return undefined;
  const bytes = decode(textOf(value, "data") ?? "", textOf(value, "encoding"));
  if (!bytes || bytes.length > MAX_BYTES) return undefined;
  if (textOf(type, "kind") === "bytesTypeNode") return bytes;
  const isSized = textOf(type, "kind") === "fixedSizeTypeNode" && fieldOf(type, "size") === bytes.length;
  return isSized && textOf(fieldOf(type, "type"), "kind") === "bytesTypeNode" ? bytes : undefined;
}
