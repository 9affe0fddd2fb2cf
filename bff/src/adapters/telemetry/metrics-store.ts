import { METRICS } from "../../domain/metrics.ts";
import type { MetricsSink } from "./metrics.ts";

interface Row extends Record<string, SqlStorageValue> {
  readonly name: string;
  readonly labels: string;
  readonly bucket: string;
  readonly value: number;
}

type SyncSink = {
  readonly [Method in keyof MetricsSink]: (
    ...input: Parameters<MetricsSink[Method]>
  ) => Awaited<ReturnType<MetricsSink[Method]>>;
};

/** Adds reports up in the SQLite of a Durable Object: its rows outlive the process, so that a counter never goes back. */
export function createMetricsStore(sql: SqlStorage): SyncSink {
  sql.exec(`create table if not exists samples (
    name text not null, labels text not null, bucket text not null, value real not null,
    primary key (name, labels, bucket)
  ) without rowid`);
  return {
    report(samples) {
      for (const { name, labels, bucket, value } of samples) {
        // A report may come from an isolate of another version.
        const isGauge = METRICS[name as keyof typeof METRICS]?.type === "gauge";
        sql.exec(
          `insert into samples values (?, ?, ?, ?)
            on conflict do update set value = ${isGauge ? "" : "value + "}excluded.value`,
          name,
          labels,
          bucket,
          Number(value),
        );
      }
    },
    read: () => sql.exec<Row>("select name, labels, bucket, value from samples order by name, labels").toArray(),
  };
}
