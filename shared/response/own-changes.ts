import type { Actor } from "../domain/identity.ts";
import { actorKey, actorText } from "../domain/identity.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** What somebody changed longer ago has been judged, told and lived with. */
const lookedBackMs = 25 * 3_600_000;

/** Whether a change that broke a rule may still be part of how its subject stands. */
const mayStand = ({ outcome, findings, ofClaim = [], abandoned }: Incident): boolean =>
  abandoned === undefined &&
  outcome?.kind !== "reverted" &&
  [...findings, ...ofClaim].some(({ verdict }) => verdict.kind === "violation");

/**
 * Why somebody may not say of a subject that it stays as it is: they changed it within the day in a way that broke a rule,
 * whoever touched it last. Undefined where they may.
 */
export const ownChangeOf = async (
  ledger: Ledger,
  { id, subject, openedAt }: Incident,
  approver: Actor,
): Promise<string | undefined> => {
  const about = subjectKey(subject);
  const own = (await ledger.incidents()).find(
    (other) =>
      other.id !== id &&
      other.actor !== undefined &&
      actorKey(other.actor) === actorKey(approver) &&
      subjectKey(other.subject) === about &&
      other.openedAt > openedAt - lookedBackMs &&
      mayStand(other),
  );
  return own === undefined
    ? undefined
    : `${actorText(approver)} changed it as well within the day, as incident ${own.id} tells, and may not decide that it stays`;
};
