import { basename, dirname, join, resolve } from "node:path";
import type { MiniflareOptions } from "miniflare";
import type { WorkerOptions } from "./worker.ts";

/** Where a worker with a movable clock is told how far ahead it is, in milliseconds. */
export const CLOCK_PATH = "/__clock";

/** On a direct socket nobody sets the client's address: without this, any client could claim any address. */
const LOOPBACK_ADDRESS = `
    const headers = new Headers(request.headers);
    headers.set("CF-Connecting-IP", "127.0.0.1");
    request = new Request(request, { headers });`;

const CLOCK_SWITCH = `
    if (new URL(request.url).pathname === ${JSON.stringify(CLOCK_PATH)}) {
      setOffsetMs(Number(await request.text()));
      return new Response(null, { status: 204 });
    }`;

/**
 * Replaces the isolate's Date: its Durable Objects see the same one. Alarms are given and read in that time and ring by
 * the machine's, so that moving the clock neither hastens nor delays them. Timers, and everybody else's clocks, stay.
 */
const movableClock = (offsetMs: number) => `
const MachineDate = Date;
let offsetMs = ${offsetMs};
const nowMs = () => MachineDate.now() + offsetMs;
globalThis.Date = new Proxy(MachineDate, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [nowMs()] : given, made),
  apply: () => new MachineDate(nowMs()).toString(),
  get: (target, name) => (name === "now" ? nowMs : Reflect.get(target, name)),
});
MachineDate.prototype.constructor = globalThis.Date;
export const setOffsetMs = (aheadMs) => { offsetMs = aheadMs; };

function moveAlarms(storage) {
  const { setAlarm, getAlarm } = storage;
  storage.setAlarm = (time, options) => setAlarm.call(storage, Number(time) - offsetMs, options);
  storage.getAlarm = async (options) => {
    const atMs = await getAlarm.call(storage, options);
    return atMs === null ? null : atMs + offsetMs;
  };
}
export const withMovedAlarms = (Base) => class extends Base {
  constructor(context, env) {
    super(context, env);
    moveAlarms(context.storage);
  }
};`;

type EntryOptions = Pick<WorkerOptions, "addressFromHeader" | "clockOffsetMs" | "durableObjects">;

function entryModule(bundle: string, { addressFromHeader, clockOffsetMs, durableObjects }: EntryOptions): string {
  const hasClock = clockOffsetMs !== undefined;
  const classes = hasClock ? Object.values(durableObjects) : [];
  // The clock comes first: what the bundle does while it is loaded has it already.
  return `
${hasClock ? 'import { setOffsetMs, withMovedAlarms } from "./movable-clock.js";' : ""}
import worker, * as bundle from ${JSON.stringify(`./${bundle}`)};
export * from ${JSON.stringify(`./${bundle}`)};
${classes.map((name) => `export const ${name} = withMovedAlarms(bundle.${name});`).join("\n")}
export default {
  ...worker,
  async fetch(request, env, context) {${hasClock ? CLOCK_SWITCH : ""}${addressFromHeader === true ? "" : LOOPBACK_ADDRESS}
    return worker.fetch(request, env, context);
  },
};`;
}

/** The bundle, with what is put around it on this machine. */
export function moduleOptions(options: WorkerOptions): Pick<MiniflareOptions, "modules" | "modulesRoot"> {
  const { scriptPath, addressFromHeader, clockOffsetMs } = options;
  const bundle = { type: "ESModule" as const, path: resolve(scriptPath) };
  const modulesRoot = dirname(bundle.path);
  if (addressFromHeader === true && clockOffsetMs === undefined) return { modules: [bundle], modulesRoot };
  const own = (name: string, contents: string) => ({
    type: "ESModule" as const,
    path: join(modulesRoot, name),
    contents,
  });
  const entry = own("loopback-entry.js", entryModule(basename(bundle.path), options));
  const clock = clockOffsetMs === undefined ? [] : [own("movable-clock.js", movableClock(clockOffsetMs))];
  return { modules: [entry, ...clock, bundle], modulesRoot };
}
