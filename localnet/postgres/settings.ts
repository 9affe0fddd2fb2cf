/** Who may connect: loopback, with the password sent as it is, which costs neither side a key derivation. */
export const HOST_RULES = `host all all 127.0.0.1/32 password
host all all ::1/128 password
`;

export const INITDB_ARGUMENTS: readonly string[] = [
  "--username=gasless",
  "--auth=password",
  "--encoding=UTF8",
  "--locale=C.UTF-8",
  // The same order as C.UTF-8, by the faster comparison.
  "--lc-collate=C",
  "--lc-messages=C",
  // A SCRAM secret costs thousands of hashes at every connection, even when the password comes in clear.
  "--set=password_encryption=md5",
  "--no-sync",
  "--no-instructions",
];

const SETTINGS: Readonly<Record<string, string>> = {
  unix_socket_directories: "",
  max_connections: "120",
  shared_buffers: "48MB",
  max_wal_size: "512MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  max_parallel_workers_per_gather: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // Errors reach the client; here they would only make the log grow.
  log_min_messages: "log",
};

const NOT_DURABLE: Readonly<Record<string, string>> = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

export function serverArguments(cluster: string, host: string, port: number, durable: boolean): readonly string[] {
  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), listen_addresses: host, port: String(port) };
  return ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}
