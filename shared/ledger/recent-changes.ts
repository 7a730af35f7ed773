import { createHash } from "node:crypto";
import type { Finding, RuleId } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { SubjectRef } from "../domain/subject.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** For so long a change is remembered, by when we came to know of it: the longest that a chain may take, and an hour. */
export const rememberedMs = 25 * 3_600_000;
/** As many changes of one party as are remembered: a row stays far below what a store takes. */
export const mostRemembered = 200;

/** What tells one change from another, whichever trail brought its event. */
export const changeId = ({ requestId, eventId, operation, occurredAt, subject }: RecentChange): string =>
  `${requestId === "" ? eventId : requestId}/${operation}/${occurredAt}/${subjectKey(subject)}`;

/** A change of which a later look knows more: what it broke then counts. */
const merged = (a: RecentChange, b: RecentChange): RecentChange =>
  b.broke.length > a.broke.length || (a.undoes === undefined && b.undoes !== undefined) ? b : a;

/** The largest of several groups of changes; the first of them where several are as large. */
const largest = (
  changes: readonly RecentChange[],
  group: (change: RecentChange) => string,
): readonly [RecentChange, ...RecentChange[]] | undefined => {
  const groups = new Map<string, [RecentChange, ...RecentChange[]]>();
  for (const change of changes) {
    const known = groups.get(group(change));
    if (known === undefined) groups.set(group(change), [change]);
    else known.push(change);
  }
  return [...groups.values()].reduce<[RecentChange, ...RecentChange[]] | undefined>(
    (most, one) => (most === undefined || one.length > most.length ? one : most),
    undefined,
  );
};

/** What a flood is made of: one kind of thing, done in one way, that breaks a rule or does not. */
const sort = ({ subject, effect, broke }: RecentChange): string => `${subject.kind}/${effect}/${broke.length > 0}`;

/**
 * What was done over and over to one subject goes first, and then what there is most of, the oldest of it: so that a flood
 * of harmless changes cannot wash away the one that counts.
 */
const bounded = (changes: readonly RecentChange[], most: number): readonly RecentChange[] => {
  const kept = [...changes];
  while (kept.length > most) {
    const repeated = largest(kept, (change) => `${sort(change)}/${subjectKey(change.subject)}`);
    const flood = repeated !== undefined && repeated.length > 1 ? repeated : largest(kept, sort);
    if (flood === undefined) break;
    const oldest = flood.reduce((a, b) => (b.occurredAt < a.occurredAt ? b : a));
    kept.splice(kept.indexOf(oldest), 1);
  }
  return kept;
};

/**
 * Remembers a change of a party, and gives all that is remembered of it. A change that comes twice is there once, and two
 * that come at the same time are there both: whoever writes last has read the other's.
 */
export const rememberChange = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  party: string,
  change: RecentChange,
): Promise<readonly RecentChange[]> => {
  const key = rowKey("recent", accountId, party);
  for (;;) {
    const now = clock.now();
    const row = await state.get(key);
    const known = ((row?.value as unknown as readonly RecentChange[] | undefined) ?? []).filter(
      ({ notedAt }) => notedAt > now - rememberedMs,
    );
    const same = known.find((one) => changeId(one) === changeId(change));
    const next = bounded(
      same === undefined ? [...known, change] : known.map((one) => (one === same ? merged(one, change) : one)),
      mostRemembered,
    );
    if (row !== undefined && same !== undefined && merged(same, change) === same) return known;
    const expiry = { expiresAt: Math.ceil((now + rememberedMs) / 1000) };
    const written =
      row === undefined
        ? (await state.putIfAbsent(key, asJson(next), expiry)).written
        : (await state.compareAndSet(key, row.version, asJson(next), expiry)).written;
    if (written) return next;
  }
};

/** What is remembered of a party now. */
export const rememberedOf = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  party: string,
): Promise<readonly RecentChange[]> => {
  const row = await state.get(rowKey("recent", accountId, party));
  const all = (row?.value as unknown as readonly RecentChange[] | undefined) ?? [];
  return all.filter(({ notedAt }) => notedAt > clock.now() - rememberedMs);
};

/** A chain that was recognised: its pieces so far, and how far it was dealt with. */
export type OpenChain = {
  readonly rule: RuleId;
  readonly incidentId: string;
  readonly openedAt: number;
  readonly target: SubjectRef;
  readonly finding: Finding;
  /** Those that are kept whole: no more than `mostPieces`. */
  readonly pieces: readonly RecentChange[];
  /** Those that are not: how many, how many of them were not over then, and what tells them from new ones. */
  readonly more?: { readonly count: number; readonly open: number; readonly ids: readonly string[] };
  /** The pieces that were ended, or found to be over, by their ids: they are not looked at again. */
  readonly over: readonly string[];
  /** Why pieces stand that nobody can end now, by their ids: that is for a person, and they are not looked at again. */
  readonly standing?: { readonly [piece: string]: string };
  /** The incidents by which the chain itself dealt with pieces, by their ids. */
  readonly by: { readonly [piece: string]: string };
  /** Whether something is still to be done or told. */
  readonly due: boolean;
  /** How many messages told of it, how many pieces they told, and when the last was put out. */
  readonly told: number;
  readonly toldPieces: number;
  readonly toldAt?: number;
  /** Whether something was still to be done when it was told last: that it is done is told then as well. */
  readonly toldOpen?: boolean;
};

export type ChainRow = { readonly key: string; readonly version: number; readonly chain: OpenChain };

/** What names a chain: its rule, and what it is about. */
export const chainName = ({ rule, target }: Pick<OpenChain, "rule" | "target">): string =>
  `${rule}/${subjectKey(target)}`;

export const readChain = async (
  state: StateStore,
  accountId: AccountId,
  name: string,
): Promise<ChainRow | undefined> => {
  const row = await state.get(rowKey("chain", accountId, name));
  return row === undefined
    ? undefined
    : { key: row.key, version: row.version, chain: row.value as unknown as OpenChain };
};

/** So many pieces of a chain are kept whole, so that its row and its message stay far below what a store and a channel take. */
export const mostPieces = 100;
/** More than are remembered of the parties that pieces come from, so that no piece joins twice. */
const mostIds = 6_000;

const shortId = (piece: RecentChange): string =>
  createHash("sha256").update(changeId(piece)).digest("base64url").slice(0, 12);

/** How many pieces a chain has, those included that are not kept whole. */
export const piecesIn = ({ pieces, more }: Pick<OpenChain, "pieces" | "more">): number =>
  pieces.length + (more?.count ?? 0);

/**
 * The chain with as many pieces as it may have. What is over goes first, and of that what was done over and over to one
 * subject; a piece that is still to be ended goes last, and what there is most of before anything else.
 */
const withinRow = (chain: OpenChain): OpenChain => {
  const { pieces, over, by, standing = {}, more = { count: 0, open: 0, ids: [] } } = chain;
  if (pieces.length <= mostPieces) return chain;
  const ended = new Set(over);
  const isOver = (piece: RecentChange): boolean =>
    piece.effect === "removed" || (ended.has(changeId(piece)) && standing[changeId(piece)] === undefined);
  const open = bounded(
    pieces.filter((piece) => !isOver(piece)),
    mostPieces,
  );
  const kept = new Set([...open, ...bounded(pieces.filter(isOver), mostPieces - open.length)]);
  const gone = pieces.filter((piece) => !kept.has(piece));
  const ids = new Set([...kept].map(changeId));
  const ofKept = (given: { readonly [piece: string]: string }) =>
    Object.fromEntries(Object.entries(given).filter(([id]) => ids.has(id)));
  return {
    ...chain,
    pieces: pieces.filter((piece) => kept.has(piece)),
    more: {
      count: more.count + gone.length,
      open: more.open + gone.filter((piece) => !isOver(piece)).length,
      ids: [...more.ids, ...gone.map(shortId)].slice(-mostIds),
    },
    over: over.filter((id) => ids.has(id)),
    by: ofKept(by),
    standing: ofKept(standing),
  };
};

/** What waits to be dealt with has no expiry; what was dealt with is remembered for as long as its pieces are, and longer. */
const chainExpiry = (clock: Clock, { due }: OpenChain) =>
  due ? {} : { expiresAt: Math.ceil((clock.now() + rememberedMs) / 1000) + 3_600 };

/** What nobody answers for does not become exempt by what joins it. */
const atLeast = (known: Finding, found: Finding): Finding => {
  if (known.exemption !== undefined || found.exemption === undefined) return found;
  const { exemption: _, ...open } = found;
  return open;
};

/** A piece that only held back rules made one may be one for certain by what has come since. */
const asSureAs = (found: readonly RecentChange[], piece: RecentChange): RecentChange =>
  found.find((one) => changeId(one) === changeId(piece) && one.heldBack === undefined) ?? piece;

/** Opens a chain, or adds what is new to the one that is open. Gives it as it stands now. */
export const joinChain = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  found: Pick<OpenChain, "rule" | "target" | "finding" | "pieces"> & { readonly incidentId: string },
): Promise<OpenChain> => {
  const key = rowKey("chain", accountId, chainName(found));
  const opened = withinRow({
    ...found,
    openedAt: clock.now(),
    over: [],
    by: {},
    due: true,
    told: 0,
    toldPieces: 0,
  });
  for (;;) {
    const put = await state.putIfAbsent(key, asJson(opened), chainExpiry(clock, opened));
    if (put.written) return opened;
    const known = put.row.value as unknown as OpenChain;
    const ids = new Set(known.pieces.map(changeId));
    const others = new Set(known.more?.ids);
    const fresh = found.pieces.filter((piece) => !ids.has(changeId(piece)) && !others.has(shortId(piece)));
    if (fresh.length === 0) return known;
    const finding = atLeast(known.finding, found.finding);
    const pieces = [...known.pieces.map((piece) => asSureAs(found.pieces, piece)), ...fresh];
    const next = withinRow({ ...known, finding, pieces, due: true });
    if ((await state.compareAndSet(key, put.row.version, asJson(next), chainExpiry(clock, next))).written) return next;
  }
};

/** Notes how far a chain was dealt with; false where a piece has joined it since. */
export const keepChain = async (
  state: StateStore,
  clock: Clock,
  { key, version }: ChainRow,
  next: OpenChain,
): Promise<boolean> => (await state.compareAndSet(key, version, asJson(next), chainExpiry(clock, next))).written;

/** Chains of which something is still to be done or told. */
export const dueChains = async (state: StateStore, accountId: AccountId): Promise<readonly ChainRow[]> => {
  const due: ChainRow[] = [];
  for await (const { key, version, value } of rows(state, rowKey("chain", accountId, ""))) {
    const chain = value as unknown as OpenChain;
    if (chain.due) due.push({ key, version, chain });
  }
  return due;
};
