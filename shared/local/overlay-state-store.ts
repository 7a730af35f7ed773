import { expiryInMs, partsOfKey, partsOfPrefix, textOfValue } from "../ports/state-limits.ts";
import type { Expiry, Row, StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";

/**
 * A store that reads through to another and keeps what is written to itself: for saying what would be done. The store
 * beneath is never written to, and it is lost with the process.
 */
export const overlayOn = (base: StateStore, clock: Clock): StateStore => {
  // What was deleted here stays as undefined, so that the row beneath does not show through.
  const written = new Map<string, Row | undefined>();
  const isLive = (row: Row | undefined): row is Row =>
    row !== undefined && (row.expiresAt === undefined || row.expiresAt * 1000 > clock.now());
  /** The row as it is now, given what is beneath: without waiting, so that nobody writes between looking and writing. */
  const current = (key: string, beneath: Row | undefined): Row | undefined => {
    const row = written.has(key) ? written.get(key) : beneath;
    return isLive(row) ? row : undefined;
  };
  const put = (key: string, version: number, value: Row["value"], expiry?: Expiry) => {
    const row = { key, value: JSON.parse(textOfValue(value)) as Row["value"], version };
    expiryInMs(expiry?.expiresAt);
    written.set(key, expiry?.expiresAt === undefined ? row : { ...row, expiresAt: expiry.expiresAt });
    return { written: true, version } as const;
  };
  return {
    get: async (key) => current(key, await base.get(key)),
    putIfAbsent: async (key, value, expiry) => {
      const beneath = await base.get(key);
      const row = current(key, beneath);
      if (row !== undefined) return { written: false, row };
      return put(key, (written.get(key)?.version ?? 0) + 1, value, expiry);
    },
    compareAndSet: async (key, version, value, expiry) => {
      const beneath = await base.get(key);
      if (current(key, beneath)?.version !== version) return { written: false };
      return put(key, version + 1, value, expiry);
    },
    delete: async (key, version) => {
      partsOfKey(key);
      const beneath = await base.get(key);
      if (current(key, beneath)?.version !== version) return false;
      written.set(key, undefined);
      return true;
    },
    list: async (prefix, { after, limit }) => {
      partsOfPrefix(prefix);
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new RangeError(`a page must have at least 1 row, got \`${limit}\``);
      const beneath: Row[] = [];
      let from = after;
      do {
        const page = await base.list(prefix, from === undefined ? { limit: 100 } : { after: from, limit: 100 });
        beneath.push(...page.rows);
        from = page.next;
      } while (from !== undefined);
      const own = [...written.values()].filter(
        (row): row is Row =>
          isLive(row) && row.key.startsWith(prefix) && (after === undefined || inOrder(row.key, after) > 0),
      );
      const rows = [...beneath.filter(({ key }) => !written.has(key)), ...own].sort((a, b) => inOrder(a.key, b.key));
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return rows.length > limit && last !== undefined ? { rows: shown, next: last.key } : { rows: shown };
    },
  };
};

/** Keys sort by their UTF-8 bytes, in which the text of JavaScript does not compare by itself. */
const inOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
