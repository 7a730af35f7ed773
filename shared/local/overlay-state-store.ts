import type { Row, StateStore } from "../ports/state-store.ts";

/** A store that reads through to another and keeps what is written to itself: for saying what would be done. */
export const overlayOn = (base: StateStore): StateStore => {
  const written = new Map<string, Row | undefined>();
  const get = async (key: string): Promise<Row | undefined> => (written.has(key) ? written.get(key) : base.get(key));
  const put = (
    key: string,
    version: number,
    value: Row["value"],
  ): { readonly written: true; readonly version: number } => {
    written.set(key, { key, version, value });
    return { written: true, version };
  };
  return {
    get,
    putIfAbsent: async (key, value) => {
      const row = await get(key);
      return row === undefined ? put(key, 1, value) : { written: false, row };
    },
    compareAndSet: async (key, version, value) => {
      const row = await get(key);
      return row?.version === version ? put(key, version + 1, value) : { written: false };
    },
    delete: async (key, version) => {
      const row = await get(key);
      if (row?.version !== version) return false;
      written.set(key, undefined);
      return true;
    },
    list: async (prefix, { after = "", limit }) => {
      const rows = new Map<string, Row | undefined>();
      let from: string | undefined;
      do {
        const page = await base.list(prefix, from === undefined ? { limit: 100 } : { after: from, limit: 100 });
        for (const row of page.rows) rows.set(row.key, row);
        from = page.next;
      } while (from !== undefined);
      for (const [key, row] of written) if (key.startsWith(prefix)) rows.set(key, row);
      const live = [...rows.values()].filter((row) => row !== undefined && row.key > after) as Row[];
      const sorted = live.sort((a, b) => (a.key < b.key ? -1 : 1));
      const shown = sorted.slice(0, limit);
      const last = shown.at(-1);
      return sorted.length > limit && last !== undefined ? { rows: shown, next: last.key } : { rows: shown };
    },
  };
};
