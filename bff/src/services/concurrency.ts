/** Runs `work` on every item, at most `limit` at a time, and keeps the order. */
export async function mapLimited<Item, Value>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let start = 0; start < items.length; start += limit) {
    values.push(...(await Promise.all(items.slice(start, start + limit).map(work))));
  }
  return values;
}
