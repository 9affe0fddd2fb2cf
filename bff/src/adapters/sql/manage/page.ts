import { AppError } from "../../../errors.ts";
import type { Page } from "../../../manage-ports.ts";

/** Of a cursor that no page gave: an empty page would say that there is nothing more. */
export const unknownCursor = (): AppError =>
  new AppError("request.invalid", "The request does not fit its schema.", {
    errors: [{ pointer: "/cursor", detail: "must be the nextCursor of a page" }],
  });

/** A page out of one row more than were asked for. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
