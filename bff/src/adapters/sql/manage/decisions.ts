import { base64 } from "@scure/base";
import { decisions } from "@gasless/db";
import { and, arrayContains, desc, eq, sql } from "drizzle-orm";
import type { Decision } from "../../../contract/manage/traffic.ts";
import type { NetworkName } from "../../../contract/index.ts";
import type { DecisionFilter, TrafficStore } from "../../../manage-ports.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage, unknownCursor } from "./page.ts";

const micros = sql<string>`(extract(epoch from ${decisions.decidedAt}) * 1000000)::bigint::text`;
const COLUMNS = {
  id: decisions.id,
  network: sql<NetworkName>`${decisions.network}`,
  userId: decisions.userId,
  wallet: decisions.wallet,
  decidedAt: decisions.decidedAt,
  policyVersion: decisions.policyVersion,
  verdict: decisions.verdict,
  code: decisions.code,
  fee: decisions.fee,
  rent: decisions.rent,
  relayId: decisions.relayId,
};

type Row = Omit<Decision, "decidedAt" | "fee" | "rent"> & {
  readonly decidedAt: Date;
  readonly fee: bigint | null;
  readonly rent: bigint | null;
};

const view = ({ decidedAt, fee, rent, ...row }: Row): Decision => ({
  ...row,
  decidedAt: decidedAt.toISOString(),
  fee: fee?.toString() ?? null,
  rent: rent?.toString() ?? null,
});

/** Behind the row that a page ended with: `<microseconds since 1970>~<id>`. @throws request.invalid for what no page gave */
function behind(cursor: string) {
  const [, time, id] = /^([0-9]{1,16})~(req_[0-9A-Za-z-]{1,64})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined) throw unknownCursor();
  const at = sql`'epoch'::timestamptz + ${time}::bigint * interval '1 microsecond'`;
  return sql`(${decisions.decidedAt}, ${decisions.id}) < (${at}, ${id})`;
}

function matching({ from, to, network, verdict, code, wallet, account }: DecisionFilter) {
  return and(
    from === undefined ? undefined : sql`${decisions.decidedAt} >= ${from}::timestamptz`,
    to === undefined ? undefined : sql`${decisions.decidedAt} < ${to}::timestamptz`,
    network === undefined ? undefined : eq(decisions.network, network),
    verdict === undefined ? undefined : eq(decisions.verdict, verdict),
    code === undefined ? undefined : eq(decisions.code, code),
    wallet === undefined ? undefined : eq(decisions.wallet, wallet),
    account === undefined ? undefined : arrayContains(decisions.accounts, [account]),
  );
}

export function createDecisionQueries({
  run,
}: Pick<ActingDatabase, "run">): Pick<TrafficStore, "searchDecisions" | "readDecisionDetail"> {
  return {
    async searchDecisions(projectId, filter, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select({ row: COLUMNS, micros })
          .from(decisions)
          .where(
            and(
              eq(decisions.projectId, projectId),
              matching(filter),
              cursor === undefined ? undefined : behind(cursor),
            ),
          )
          .orderBy(desc(decisions.decidedAt), desc(decisions.id))
          .limit(limit + 1),
      );
      return toPage(
        rows,
        limit,
        ({ row }) => view(row),
        (last) => `${last.micros}~${last.row.id}`,
      );
    },
    async readDecisionDetail(projectId, decisionId) {
      const [found] = await run((db) =>
        db
          .select({
            row: COLUMNS,
            context: decisions.context,
            accounts: decisions.accounts,
            transaction: decisions.transaction,
          })
          .from(decisions)
          .where(and(eq(decisions.projectId, projectId), eq(decisions.id, decisionId))),
      );
      if (!found) return undefined;
      const { row, context, accounts, transaction } = found;
      return { ...view(row), context, accounts, transaction: base64.encode(transaction) };
    },
  };
}
