import { DurableObject } from "cloudflare:workers";
import { createMetricsStore } from "../adapters/telemetry/metrics-store.ts";
import { parseConfig } from "../config.ts";
import { app } from "../http/app.ts";
import type { MetricSample } from "../domain/metrics.ts";
import { purgeExpired, sweepNetwork } from "../jobs/sweep-network.ts";
import { refreshUsage } from "../jobs/refresh-usage.ts";
import { runJobs, tendJobs } from "../jobs/run-jobs.ts";
import { sealAudit } from "../jobs/seal-audit.ts";
import { watch } from "../jobs/watch.ts";
import { createIsolate, createPorts, type Isolate, type RequestBindings } from "../wire.ts";

interface Env {
  readonly HYPERDRIVE: { readonly connectionString: string };
  readonly ASSETS: Fetcher;
  readonly SWEEP_CLOCK: DurableObjectNamespace<SweepClock>;
  readonly METRICS_SINK: DurableObjectNamespace<MetricsSink>;
}

const SWEEP_EVERY_MS = 1_000;

/** Made on the isolate's first request: a Worker has no start-up of its own. */
let isolate: Isolate | undefined;

async function openIsolate(env: Env): Promise<Isolate> {
  isolate ??= await createIsolate(parseConfig(env as unknown as Readonly<Record<string, unknown>>));
  return isolate;
}

/** Runs work with ports of its own; what it opened is given back when all that it left in the background has ended. */
async function withPorts<Value>(
  env: Env,
  waitUntil: (work: Promise<unknown>) => void,
  work: (ports: ReturnType<typeof createPorts>["ports"], isolate: Isolate) => Promise<Value>,
): Promise<Value> {
  const current = await openIsolate(env);
  const pending: Promise<unknown>[] = [];
  const { ports, close } = createPorts(current, {
    databaseUrl: env.HYPERDRIVE.connectionString,
    assets: env.ASSETS,
    metricsSink: openSink(env),
    background: (task) => pending.push(task),
    wake: (clock) => env.SWEEP_CLOCK.getByName(clock).wake(clock),
  });
  try {
    return await work(ports, current);
  } finally {
    waitUntil(Promise.allSettled(pending).then(close));
  }
}

/** One for the whole deployment: an isolate reports at most four times a second. */
function openSink(env: Env): RequestBindings["metricsSink"] {
  const open = () => env.METRICS_SINK.getByName("all");
  return { report: (samples) => open().report(samples), read: () => open().read() };
}

/** The owner of everything that requests count. */
export class MetricsSink extends DurableObject<Env> {
  readonly #store = createMetricsStore(this.ctx.storage.sql);

  async report(samples: readonly MetricSample[]): Promise<void> {
    this.#store.report(samples);
  }

  async read(): Promise<MetricSample[]> {
    return this.#store.read();
  }
}

/**
 * Wakes one network's sweeper each second while it has relays that have not ended, or whoever does the jobs when one is
 * due. It holds no state but its alarm.
 */
export class SweepClock extends DurableObject<Env> {
  async wake(clock: string): Promise<void> {
    await this.ctx.storage.put("network", clock);
    const inMs = clock === "jobs" ? 0 : SWEEP_EVERY_MS;
    const alarmAtMs = await this.ctx.storage.getAlarm();
    if (alarmAtMs === null || alarmAtMs > Date.now() + SWEEP_EVERY_MS) {
      await this.ctx.storage.setAlarm(Date.now() + inMs);
    }
  }

  override async alarm(): Promise<void> {
    const clock = await this.ctx.storage.get<string>("network");
    if (clock === undefined) return;
    const inMs = await withPorts(
      this.env,
      (work) => this.ctx.waitUntil(work),
      async (ports) => {
        if (clock === "jobs") return runJobs(ports);
        return (await sweepNetwork(ports, clock)) ? SWEEP_EVERY_MS : undefined;
      },
    );
    if (inMs === undefined) return;
    // Whoever woke it meanwhile wants it no later.
    const alarmAtMs = await this.ctx.storage.getAlarm();
    if (alarmAtMs === null || alarmAtMs > Date.now() + inMs) await this.ctx.storage.setAlarm(Date.now() + inMs);
  }
}

function misconfigured(request: Request, error: unknown): Response {
  // Before there is a configuration there is no logger either; values are not in this message.
  // oxlint-disable-next-line no-console
  console.error(JSON.stringify({ level: "ERROR", message: "config.invalid", detail: String(error) }));
  const requestId = `req_${crypto.randomUUID()}`;
  const problem = {
    type: "about:blank",
    title: "The service is misconfigured",
    status: 500,
    code: "internal.misconfigured",
    instance: new URL(request.url).pathname,
    requestId,
  };
  const origin = request.headers.get("Origin");
  return Response.json(problem, {
    status: 500,
    headers: {
      "Content-Type": "application/problem+json",
      "Request-Id": requestId,
      Vary: "Origin",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
      ...(origin !== null && origin !== "null" && { "Access-Control-Allow-Origin": origin }),
    },
  });
}

export default {
  async fetch(request, env, context) {
    try {
      await openIsolate(env);
    } catch (error) {
      return misconfigured(request, error);
    }
    return withPorts(
      env,
      (work) => context.waitUntil(work),
      async (ports, { networks, checkReadiness }) =>
        app.fetch(
          request,
          {
            deployment: {
              ports,
              networks: [...networks.keys()],
              checkReadiness,
              clientAddress: request.headers.get("CF-Connecting-IP") ?? "unknown",
            },
          },
          context,
        ),
    );
  },

  /** Each minute: first the watchdog, with ports of its own, then the net under the alarms. */
  async scheduled(_event, env, context) {
    await withPorts(
      env,
      (work) => context.waitUntil(work),
      (ports, { networks }) => watch(ports, [...networks.keys()]),
    );
    await withPorts(
      env,
      (work) => context.waitUntil(work),
      async (ports, { networks }) => {
        for (const network of networks.keys()) {
          if (await sweepNetwork(ports, network)) ports.background(ports.wake(network));
        }
        await purgeExpired(ports);
        await tendJobs(ports);
        await sealAudit(ports);
        await refreshUsage(ports);
      },
    );
  },
} satisfies ExportedHandler<Env>;
