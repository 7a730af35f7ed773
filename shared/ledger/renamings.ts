import { createHash } from "node:crypto";
import type { AccountId } from "../domain/identity.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { Renaming } from "../domain/renaming.ts";
import { holdersIn, underName } from "../domain/renaming.ts";
import type { SubjectRef } from "../domain/subject.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** A user comes back from the recycle bin within thirty days, and what was given to it comes with it. */
const vanishedSeconds = 31 * 86_400;
/** What was let be is judged anew at the end of its exemption, under whatever names there are by then. */
const renamedSeconds = 400 * 86_400;
/** Renamings of one name that are remembered. */
const mostKept = 20;

type Store = { readonly state: StateStore; readonly clock: Clock; readonly accountId: AccountId };
type Renamed = { readonly to: string; readonly at: number };

const until = ({ clock }: Store, seconds: number) => ({ expiresAt: Math.floor(clock.now() / 1000) + seconds });
const renamedKey = ({ accountId }: Pick<Store, "accountId">, kind: string, name: string): string =>
  rowKey("renamed", accountId, `${kind}/${name}`);

/** Remembers that a user or a group bears another name since `at`, epoch milliseconds. */
export const keepRenaming = async (store: Store, { kind, from, to }: Renaming, at: number): Promise<void> => {
  const { state } = store;
  const key = renamedKey(store, kind, from);
  for (;;) {
    const row = await state.get(key);
    const known = (row?.value ?? []) as unknown as readonly Renamed[];
    if (known.some((one) => one.to === to && one.at === at)) return;
    const next = asJson([...known, { to, at }].sort((a, b) => a.at - b.at).slice(-mostKept));
    const put =
      row === undefined
        ? await state.putIfAbsent(key, next, until(store, renamedSeconds))
        : await state.compareAndSet(key, row.version, next, until(store, renamedSeconds));
    if (put.written) return;
  }
};

/** A subject as an event names it, and when: the time of the event, or of the renaming that gave it the name. */
export type NamedSubject = Pick<Occasion, "subject" | "occurredAt" | "namedAt">;

/** How one of a subject's holders was renamed first since; undefined where none is known to have been. */
const renamedSince = async (
  store: Store,
  { subject, occurredAt, namedAt = occurredAt }: NamedSubject,
): Promise<(Renaming & { readonly at: number }) | undefined> => {
  for (const { kind, from } of holdersIn(subject)) {
    const row = await store.state.get(renamedKey(store, kind, from));
    const known = (row?.value ?? []) as unknown as readonly Renamed[];
    const next = known.find(({ at }) => at >= namedAt);
    if (next !== undefined) return { kind, from, ...next };
  }
  return undefined;
};

/** Whoever is renamed more often is for a person to look at. */
const mostRenamings = 20;

/** The same under the names that its user and group bear by now, as far as is known. */
export const asNamedNow = async <Named extends NamedSubject>(store: Store, given: Named): Promise<Named> => {
  let named = given;
  for (let turn = 0; turn < mostRenamings; turn += 1) {
    const renaming = await renamedSince(store, named);
    if (renaming === undefined) break;
    named = { ...named, subject: underName(named.subject, renaming), namedAt: renaming.at };
  }
  return named;
};

/** So many names are looked at for one event. */
const mostNames = 50;

/**
 * A subject under each name that its holders may bear by now, the one that the event told first. Events tell the time to
 * the second, so that of two renamings of the event's own second nobody knows which came first.
 */
export const namesSince = async (
  { state, accountId }: Pick<Store, "state" | "accountId">,
  { subject, occurredAt }: Pick<Occasion, "subject" | "occurredAt">,
): Promise<readonly SubjectRef[]> => {
  const from = Math.floor(occurredAt / 1000) * 1000;
  const found = new Map([[subjectKey(subject), subject]]);
  for (const one of found.values())
    for (const holder of holdersIn(one)) {
      const row = await state.get(renamedKey({ accountId }, holder.kind, holder.from));
      for (const { to, at } of (row?.value ?? []) as unknown as readonly Renamed[]) {
        const next = underName(one, { ...holder, to });
        if (at >= from && found.size < mostNames) found.set(subjectKey(next), next);
      }
    }
  return [...found.values()];
};

/** Keeps an event whose subject is not there by its name: a renaming of its holder may be on its way. */
export const keepVanished = async (store: Store, event: Occasion): Promise<void> => {
  const { eventId, operation, occurredAt, subject } = event;
  const id = createHash("sha256")
    .update(JSON.stringify([eventId, operation, occurredAt, subjectKey(subject)]))
    .digest("hex");
  for (const { kind, from } of holdersIn(subject))
    await store.state.putIfAbsent(
      rowKey("vanished", store.accountId, `${kind}/${from}/${id.slice(0, 32)}`),
      asJson({ event }),
      until(store, vanishedSeconds),
    );
};

export type Vanished = { readonly key: string; readonly version: number; readonly event: Occasion };

/** The events of before `at` whose subjects were not there under a holder's former name, oldest first. */
export const vanishedOf = async (
  { state, accountId }: Store,
  { kind, from }: Pick<Renaming, "kind" | "from">,
  at: number,
): Promise<readonly Vanished[]> => {
  const found: Vanished[] = [];
  for await (const { key, version, value } of rows(state, rowKey("vanished", accountId, `${kind}/${from}/`))) {
    const { event } = value as unknown as { readonly event: Occasion };
    if ((event.namedAt ?? event.occurredAt) <= at) found.push({ key, version, event });
  }
  return found.sort((a, b) => a.event.occurredAt - b.event.occurredAt);
};

export const dropVanished = async ({ state }: Store, { key, version }: Vanished): Promise<void> => {
  await state.delete(key, version);
};
