/** What a bridge is sent. Its text is passed on as it came. */
interface SocketMessage {
  readonly topic: string;
  readonly type: "pub" | "sub" | "ack";
}

const MAX_TOPIC_CHARACTERS = 128;
const TYPES: ReadonlySet<unknown> = new Set(["pub", "sub", "ack"]);

/** Undefined when it is none. */
export function parseSocketMessage(text: string): SocketMessage | undefined {
  try {
    const { topic, type, payload } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isMessage =
      typeof topic === "string" &&
      topic !== "" &&
      topic.length <= MAX_TOPIC_CHARACTERS &&
      typeof payload === "string" &&
      TYPES.has(type);
    return isMessage ? { topic, type: type as SocketMessage["type"] } : undefined;
  } catch {
    return undefined;
  }
}
