import { encodeJSON, encodeMsgpack, msgpackRawDecodeAsMap, msgpackRawEncode } from "algosdk";
import { parseJson, stringifyJson } from "../solana/json.ts";
import type { Json } from "../solana/json.ts";
import { AlgodError } from "./endpoint.ts";
import type { AlgodReply } from "./endpoint.ts";

/** What algosdk can encode in both ways: transactions and blocks, which leave out what is zero. */
type Encodable = Parameters<typeof encodeMsgpack>[0];

/**
 * An answer before it is JSON or msgpack. Written by hand and not by algosdk's models: these leave out what is zero or
 * empty, and algod does not.
 */
export type Content =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | Encodable
  | readonly Content[]
  | { readonly [key: string]: Content };

export function replyJson(content: Content): AlgodReply {
  return { body: stringifyJson(toJson(content)), type: "application/json" };
}

/** JSON, or msgpack when the query asks for it. */
export function reply(content: Content, query: URLSearchParams): AlgodReply {
  const format = query.get("format") ?? "json";
  if (format === "json") return replyJson(content);
  if (format !== "msgpack") throw new AlgodError(400, "failed to parse the format option");
  return { body: msgpackRawEncode(toMsgpack(content)), type: "application/msgpack" };
}

function toJson(content: Content): Json {
  if (isPlain(content)) return content ?? null;
  if (content instanceof Uint8Array) return Buffer.from(content).toString("base64");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was just written as JSON
  if (isEncodable(content)) return parseJson(encodeJSON(content)) as Json;
  if (isList(content)) return content.map(toJson);
  return Object.fromEntries(entriesOf(content).map(([key, value]) => [key, toJson(value)]));
}

function toMsgpack(content: Content): unknown {
  if (isPlain(content) || content instanceof Uint8Array) return content;
  if (isEncodable(content)) return msgpackRawDecodeAsMap(encodeMsgpack(content));
  if (isList(content)) return content.map(toMsgpack);
  return new Map(entriesOf(content).map(([key, value]) => [key, toMsgpack(value)]));
}

function entriesOf(content: Readonly<Record<string, Content>>): [string, Content][] {
  return Object.entries(content).filter(([, value]) => value !== undefined);
}

function isPlain(content: Content): content is string | number | bigint | boolean | null | undefined {
  return content === null || typeof content !== "object";
}

function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

function isEncodable(content: Exclude<Content, undefined | null>): content is Encodable {
  return typeof content === "object" && "getEncodingSchema" in content;
}
