import type { Order } from "../life.ts";

/** Marks as signed without looking at the lease: a request that slept through it signs what has been released. */
export const SIGNS_WITHOUT_LEASE: Order = {
  name: "marking as signed without the lease",
  breaks: "what landed is held or charged",
  rules: { checksLease: false },
};
