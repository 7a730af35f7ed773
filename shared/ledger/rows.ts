import type { Row, StateStore } from "../ports/state-store.ts";

/** Every row under a prefix, after the key `after` where one is given, page by page. */
export async function* rows(state: StateStore, prefix: string, after?: string): AsyncGenerator<Row> {
  let from = after;
  do {
    const page = await state.list(prefix, from === undefined ? { limit: 100 } : { after: from, limit: 100 });
    yield* page.rows;
    from = page.next;
  } while (from !== undefined);
}
