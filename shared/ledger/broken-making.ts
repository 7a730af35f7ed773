import type { RuleId } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { refTo, subjectKey } from "../domain/kinds.ts";
import { gone } from "../domain/subject.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { Incident } from "./incident.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import type { Ledger } from "./ledger.ts";

/** The incident of a change that broke a rule, and the rule. */
export type BrokenMaking = { readonly incidentId: string; readonly rule: RuleId };

type Store = { readonly state: StateStore; readonly clock: Clock };
type Made = { readonly incidentId: string; readonly occurredAt: number };

/** What was made longer ago was there: that somebody let it be counts. */
const keptSeconds = 25 * 3_600;

const keyOf = (accountId: AccountId, about: string): string => rowKey("broken-making", accountId, about);

/** Notes the making of a subject that broke a rule: what is taken away soon after is not to be made again. */
export const noteBrokenMaking = async ({ state, clock }: Store, incident: Incident): Promise<void> => {
  const occurredAt = incident.events[0]?.occurredAt;
  if (incident.did?.effect !== "made" || occurredAt === undefined || broken(incident) === undefined) return;
  // A key whose event did not name it goes by the id that it was found to have.
  const key = keyOf(incident.accountId, subjectKey(refTo(incident.subject, incident.after ?? gone)));
  const value = asJson({ incidentId: incident.id, occurredAt } satisfies Made);
  const expiry = { expiresAt: Math.floor(clock.now() / 1000) + keptSeconds };
  for (;;) {
    const put = await state.putIfAbsent(key, value, expiry);
    if (put.written || (put.row.value as unknown as Made).occurredAt > occurredAt) return;
    if ((await state.compareAndSet(key, put.row.version, value, expiry)).written) return;
  }
};

/** Forgets a making where the same was made again by a change that broke no rule. */
export const forgetBrokenMaking = async (
  { state }: Pick<Store, "state">,
  { accountId, subject, effect, occurredAt }: Pick<Occasion, "accountId" | "subject" | "effect" | "occurredAt">,
): Promise<void> => {
  if (effect !== "made") return;
  const row = await state.get(keyOf(accountId, subjectKey(subject)));
  if (row !== undefined && (row.value as unknown as Made).occurredAt <= occurredAt)
    await state.delete(row.key, row.version);
};

/**
 * How what an event took away was made last: by a change of the last day that a rule would have had ended, and that nobody
 * accepted. That it was there before is proven; that it ought to have been is not. Undefined where nothing of the kind is
 * known.
 */
export const brokenMaking = async (
  { state }: Pick<Store, "state">,
  ledger: Ledger,
  { occurredAt, ...change }: Pick<Occasion, "subject" | "effect" | "occurredAt">,
): Promise<BrokenMaking | undefined> => {
  const about = takenAway(change);
  if (about === undefined) return undefined;
  const made = (await state.get(keyOf(ledger.accountId, about)))?.value as unknown as Made | undefined;
  if (made === undefined || made.occurredAt > occurredAt) return undefined;
  const incident = await ledger.incident(made.incidentId);
  return incident === undefined || isAccepted(incident) ? undefined : broken(incident);
};

/** What a change took away, by its key. A key that was deleted is told by its coming into the recycle bin. */
const takenAway = ({ subject, effect }: Pick<Occasion, "subject" | "effect">): string | undefined => {
  if (effect === "removed") return subjectKey(subject);
  if (subject.kind !== "recycled-key" || effect !== "made") return undefined;
  const { accountId, accessKeyId, userName: name = "" } = subject;
  return subjectKey({ kind: "access-key", accountId, accessKeyId, owner: { kind: "user", name }, createdAt: 0 });
};

const isAccepted = ({ decided, undoneBy }: Incident): boolean =>
  decided?.decision === "rejected" || undoneBy !== undefined;

const broken = ({ id, findings, ofClaim }: Incident): BrokenMaking | undefined => {
  const finding = (ofClaim ?? findings).find(
    ({ verdict, maturity, exemption, response }) =>
      verdict.kind === "violation" &&
      maturity !== "trial" &&
      exemption === undefined &&
      (response === "revert" || response === "contain" || response === "ask"),
  );
  return finding === undefined ? undefined : { incidentId: id, rule: finding.rule };
};

/** What is said of what is not to be made again. */
export const brokenMakingText = ({ incidentId, rule }: BrokenMaking): string =>
  `what was before was made by a change that broke ${rule}: incident ${incidentId}`;
