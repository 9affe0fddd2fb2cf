import { projectNetworks } from "@gasless/db";
import { and, eq } from "drizzle-orm";
import { AppError } from "../../../errors.ts";
import type { PolicyPlace } from "../../../manage-ports.ts";
import type { ActingTransaction } from "./acting.ts";

export const isPlace = ({ projectId, network }: PolicyPlace) =>
  and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network));

/** Holds the network until the transaction ends, in the version that the caller saw. @throws request.not_found, manage.conflict */
export async function lockNetwork(
  tx: ActingTransaction,
  place: PolicyPlace,
  expected?: number | null,
): Promise<number | null> {
  const [found] = await tx
    .select({ current: projectNetworks.policyVersion })
    .from(projectNetworks)
    .where(isPlace(place))
    .for("update");
  if (!found) throw new AppError("request.not_found", "The project does not have this network.");
  if (expected !== undefined && found.current !== expected) {
    throw new AppError("manage.conflict", "Another version is in force by now.", {
      context: { currentVersion: found.current },
    });
  }
  return found.current;
}
