import type { Before } from "../domain/change.ts";
import type { Exemption } from "../domain/exemption.ts";
import { longestExemptionMs } from "../domain/exemption.ts";
import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Subject } from "../domain/subject.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import { asJson } from "./incident.ts";
import { digestOf } from "./journal-entry.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import type { Ledger } from "./ledger.ts";
import { rows } from "./rows.ts";

/** An exemption that was granted at the terminal, and whether it was taken back. Times are epoch milliseconds. */
export type Granted = Exemption & {
  readonly by: string;
  readonly at: number;
  readonly revoked?: { readonly by: string; readonly because: string; readonly at: number };
};

const key = (accountId: AccountId, id: string): string => rowKey("exemption", accountId, id);

const isText = (value: Json | undefined): value is string => typeof value === "string" && value !== "";
const isMaybeText = (value: Json | undefined): boolean => value === undefined || isText(value);

/** A row that is not of its form is told from one that is not there: it may have covered anything. */
const grantedOf = (rowId: string, value: Json): Granted | undefined => {
  if (!isJsonObject(value)) return undefined;
  const { id, rules, subject, actor, change, owner, reason, ticket, from, until, by, grantor, at } = value;
  const isSound =
    isText(id) &&
    rowId.endsWith(`/${id}`) &&
    Array.isArray(rules) &&
    rules.length > 0 &&
    rules.every(isText) &&
    [subject, actor, change, ticket, grantor].every(isMaybeText) &&
    [subject, actor, change].some(isText) &&
    isText(owner) &&
    isText(reason) &&
    isText(by) &&
    typeof at === "number" &&
    typeof from === "number" &&
    typeof until === "number" &&
    until - from <= longestExemptionMs + dayMs;
  return isSound ? (value as unknown as Granted) : undefined;
};

const dayMs = 86_400_000;

/** All that were granted and are kept, those that are over or taken back as well; or which row cannot be read. */
export const grantedExemptions = async (
  state: StateStore,
  accountId: AccountId,
): Promise<Result<readonly Granted[], string>> => {
  const all: Granted[] = [];
  for await (const row of rows(state, key(accountId, ""))) {
    const granted = grantedOf(row.key, row.value);
    if (granted === undefined)
      return failed(
        `a granted exemption is damaged in the state store: \`${row.key}\`; \`warden exempt revoke\` removes it`,
      );
    all.push(granted);
  }
  return ok(all);
};

/** What is done to an exemption, with the digests of the row that comes of it and of the one before: a row that is edited is found by them. */
const onRecord = (ledger: Pick<Ledger, "record" | "accountId">, id: string, step: string, said: object) =>
  ledger.record({
    kind: "exemption",
    about: `exemption/${id}`,
    row: key(ledger.accountId, id),
    body: asJson({ step, ...said }) as JsonObject,
  });

/** Kept for as long as an incident that it explains may be. */
const expiryOf = ({ until }: Exemption) => ({ expiresAt: Math.ceil(until / 1000) + retentionSeconds.incident });

/** Grants an exemption, on record before it is in force; false where one of its id is there already. */
export const grantExemption = async (
  state: StateStore,
  ledger: Pick<Ledger, "record" | "accountId">,
  granted: Granted,
): Promise<boolean> => {
  const row = key(ledger.accountId, granted.id);
  if ((await state.get(row)) !== undefined) return false;
  await onRecord(ledger, granted.id, "granted", { ...granted, state: digestOf(asJson(granted)) });
  return (await state.putIfAbsent(row, asJson(granted), expiryOf(granted))).written;
};

/** Takes an exemption back; false where there is none to take back. It is kept, so that what it explained stays explained. */
export const revokeExemption = async (
  state: StateStore,
  ledger: Pick<Ledger, "record" | "accountId">,
  id: string,
  revoked: NonNullable<Granted["revoked"]>,
): Promise<boolean> => {
  for (;;) {
    const row = await state.get(key(ledger.accountId, id));
    if (row === undefined) return false;
    const granted = grantedOf(row.key, row.value);
    if (granted?.revoked !== undefined) return false;
    if (granted === undefined) {
      await onRecord(ledger, id, "revoked", revoked);
      if (await state.delete(row.key, row.version)) return true;
      continue;
    }
    const next = asJson({ ...granted, revoked });
    const digest = digestOf(next);
    await onRecord(ledger, id, "revoked", { ...revoked, state: digest, was: digestOf(row.value) });
    if (!(await state.compareAndSet(row.key, row.version, next, expiryOf(granted))).written) continue;
    // That the row was that far: without it, one that is set back cannot be told from one whose writer died in between.
    await onRecord(ledger, id, "is-revoked", { state: digest, was: digest });
    return true;
  }
};

/** A change that was let be because it is exempt: by which exemptions, and what was before it. */
export type LetBe = {
  readonly event: Occasion;
  readonly before: Before;
  readonly exemptions: readonly string[];
  /** The digest of the state that it made and that was accepted. */
  readonly made?: string;
  /** How the subject stood. */
  readonly left?: Subject;
};

export type LetBeRow = { readonly key: string; readonly version: number; readonly letBe: LetBe };

/** Notes what is to be judged anew once an exemption is over. It has no expiry: it is still open. */
export const keepLetBe = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
  letBe: LetBe,
): Promise<void> => {
  const row = rowKey("let-be", accountId, `${letBe.event.eventId}/${subjectKey}`);
  for (;;) {
    const put = await state.putIfAbsent(row, asJson(letBe));
    if (put.written || (await state.compareAndSet(row, put.row.version, asJson(letBe))).written) return;
  }
};

export const letBeRows = async (state: StateStore, accountId: AccountId): Promise<readonly LetBeRow[]> => {
  const all: LetBeRow[] = [];
  for await (const { key: row, version, value } of rows(state, rowKey("let-be", accountId, "")))
    all.push({ key: row, version, letBe: value as unknown as LetBe });
  return all;
};

/** Takes a note off, unless it was renewed meanwhile. */
export const dropLetBe = async (state: StateStore, { key: row, version }: LetBeRow): Promise<void> => {
  await state.delete(row, version);
};
