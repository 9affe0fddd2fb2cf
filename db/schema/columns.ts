import { customType, numeric, timestamp } from "drizzle-orm/pg-core";

/** A point in time, always with its zone; read and written as `Date`. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** An amount in base units. 78 digits hold any 256-bit number, so that wei fits as well as lamports. */
export const baseUnits = (name: string) => numeric(name, { precision: 78, scale: 0, mode: "bigint" });

/** Raw bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });
