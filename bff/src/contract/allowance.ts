import * as z from "zod";
import { Amount, NetworkName, Time } from "./values.ts";

export const AllowanceQuery = z.strictObject({ network: NetworkName });

export const Allowance = z
  .object({
    network: NetworkName,
    limits: z.array(
      z.object({
        window: z.enum(["hour", "day", "month", "lifetime"]),
        unit: z.enum(["relays", "fee", "rent"]),
        limit: Amount,
        used: Amount,
        held: Amount,
        resetsAt: Time.nullable(),
      }),
    ),
  })
  .meta({ id: "Allowance", description: "The user's own limits; an absent unit is unlimited" });
export type Allowance = z.infer<typeof Allowance>;
