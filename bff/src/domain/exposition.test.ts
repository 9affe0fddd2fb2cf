import { expect, test } from "vitest";
import { renderExposition } from "./exposition.ts";
import { bucketOf, formatLabels, listZeros, METRICS, sampleOf } from "./metrics.ts";

test("counters and gauges are written with their help, their type, and labels in the order of the table", () => {
  const text = renderExposition([
    sampleOf("gasless_sponsor_balance", { sponsor: "spn_1", network: "solana:localnet" }, 9_007_199_254_740_993n),
    sampleOf("gasless_requests_total", { status: "200", method: "GET", route: "/v1/relays/:id" }, 12),
    sampleOf("gasless_requests_total", { status: "404", method: "GET", route: "/*" }, 1),
    sampleOf("gasless_scrape_errors", {}, 0),
  ]);
  expect(text).toBe(`# HELP gasless_requests_total HTTP requests that were answered, by route pattern and status.
# TYPE gasless_requests_total counter
gasless_requests_total{method="GET",route="/v1/relays/:id",status="200"} 12
gasless_requests_total{method="GET",route="/*",status="404"} 1
# HELP gasless_sponsor_balance The last finalized balance of a sponsor that a node could tell, in base units.
# TYPE gasless_sponsor_balance gauge
gasless_sponsor_balance{network="solana:localnet",sponsor="spn_1"} 9007199254740993
# HELP gasless_scrape_errors Sources of this page that did not answer: then their metrics are missing.
# TYPE gasless_scrape_errors gauge
gasless_scrape_errors 0
`);
});

test("a histogram's buckets hold everything up to their bound, and a bound that is no more loses nothing", () => {
  const labels = formatLabels("gasless_relay_stage_seconds", { stage: "sign" });
  const at = (bucket: string, value: number) => ({ name: "gasless_relay_stage_seconds", labels, bucket, value });
  const lines = renderExposition([at("0.01", 2), at("0.3", 1), at("5", 1), at("+Inf", 1), at("sum", 20.5)]).split("\n");
  expect(lines.slice(2, -1)).toEqual([
    ...[0, 2, 2, 2, 2, 2, 3, 3, 3, 4].map((count, index) => {
      const bound = METRICS.gasless_relay_stage_seconds.buckets[index];
      return `gasless_relay_stage_seconds_bucket{stage="sign",le="${bound}"} ${count}`;
    }),
    'gasless_relay_stage_seconds_bucket{stage="sign",le="+Inf"} 5',
    'gasless_relay_stage_seconds_sum{stage="sign"} 20.5',
    'gasless_relay_stage_seconds_count{stage="sign"} 5',
  ]);
});

test("an observation falls into the first bucket that holds it", () => {
  const bucket = (seconds: number) => bucketOf("gasless_relay_stage_seconds", seconds);
  expect([0, 0.005, 0.0051, 5, 5.01].map(bucket)).toEqual(["0.005", "0.005", "0.01", "5", "+Inf"]);
});

test("a label cannot break out of its quotes, and a metric that is no more is left out", () => {
  const hostile = 'x"} 1\ngasless_fake 1 \\';
  const text = renderExposition([
    sampleOf("gasless_rpc_retries_total", { network: hostile }, 1),
    { name: "gasless_of_yesterday_total", labels: "", bucket: "", value: 3 },
  ]);
  expect(text.split("\n").slice(2)).toEqual([
    'gasless_rpc_retries_total{network="x\\"} 1\\ngasless_fake 1 \\\\"} 1',
    "",
  ]);
});

test("what has no labels is there before it is first counted", () => {
  expect(listZeros().map(({ name, value }) => [name, value])).toEqual([
    ["gasless_refusals_dropped_total", 0],
    ["gasless_limiter_degraded_total", 0],
  ]);
});

test("names say what they count, in base units", () => {
  for (const [name, { type, labels }] of Object.entries(METRICS)) {
    expect(name).toMatch(/^gasless_[a-z_]+$/);
    expect(name.endsWith("_total"), name).toBe(type === "counter");
    expect(name).not.toMatch(/_(?:ms|milliseconds|count|sum|bucket)$/);
    for (const label of labels) expect(label).not.toMatch(/wallet|address|user|transaction|signature|project/);
  }
});

test("docs/metrics.md is what the table says", async () => {
  const rows = Object.entries(METRICS).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`,
  );
  const page = `# Metrics

This page is made from \`bff/src/domain/metrics.ts\`: after a change there run \`npx vitest -u bff/src/domain/exposition\`.

\`GET /metrics\` answers in the Prometheus text format 0.0.4 to \`Authorization: Bearer <METRICS_TOKEN>\`. What requests
count is added up for all isolates by one Durable Object, so that a counter neither depends on who answers nor goes back
when a process dies; a report that gets lost is missing, and one that is repeated after a lost answer counts twice.
Everything else is read from SQL when somebody asks. While SQL or the sink is away the rest is still answered, and
\`gasless_scrape_errors\` says so. No label is a wallet, an address or a transaction.

| metric | type | labels | what it says |
|---|---|---|---|
${rows.join("\n")}
`;
  await expect(page).toMatchFileSnapshot("../../../docs/metrics.md");
});
