import type { Actor } from "../domain/identity.ts";
import { actorKey, actorText } from "../domain/identity.ts";
import type { Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed } from "../domain/result.ts";
import type { Telling } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import type { PersonProblem } from "./by-person.ts";
import { actByPerson, refused } from "./by-person.ts";
import { writtenSince } from "./holders-since.ts";

/** The way back of a remediation, from the state that it left, which must still stand. */
const wayBack = (
  { subject, was, calls, between, undo, undoBetween, anew }: Remediation,
  left: Subject | Gone,
): Remediation | undefined => {
  const [first, ...others] = undo;
  if (first === undefined) return undefined;
  return {
    subject,
    expects: stateDigest(left),
    was: left,
    becomes: was,
    calls: [first, ...others],
    ...(undoBetween === undefined ? {} : { between: undoBetween }),
    undo: calls,
    ...(between === undefined ? {} : { undoBetween: between }),
    ...(anew === undefined ? {} : { anew: anew === "calls" ? "undo" : "calls" }),
  };
};

/** The act that carried out what an incident asked about; undefined where none did, or it came to nothing. */
const approvedBy = async (ledger: Ledger, { decided }: Incident): Promise<string | undefined> => {
  if (decided?.decision !== "approved" || decided.incidentId === undefined) return undefined;
  const act = await ledger.incident(decided.incidentId);
  return act === undefined || act.abandoned !== undefined || act.outcome?.kind === "failed" ? undefined : act.id;
};

/**
 * Puts back what a remediation changed, as an act of its own with its own entry in the ledger. Refused when the subject
 * has changed since: then the state that was put back is not the one that would be replaced; and when its name may be
 * another's by now. `person` is who asks for it.
 */
export const undoIncident = async (
  given: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
  person?: Actor,
): Promise<Result<Incident, PersonProblem>> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const incident = await ledger.incident(incidentId);
  if (incident === undefined)
    return failed({ kind: "unknown", because: `no incident \`${incidentId}\` in the ledger` });
  const undoneBefore = ({ undoneBy }: Incident): string | undefined =>
    undoneBy === undefined ? undefined : `it was undone before, by incident \`${undoneBy}\``;
  const made = incident.actor;
  if (person !== undefined && made !== undefined && actorKey(made) === actorKey(person))
    return refused(`${actorText(person)} made the change, and may not take back what was done about it`);
  const before = undoneBefore(incident);
  if (before !== undefined) return refused(before);
  const outcome = incident.outcome?.kind;
  const carriedOut = await approvedBy(ledger, incident);
  if (carriedOut !== undefined)
    return refused(
      `it asked, and its plan was carried out by incident \`${carriedOut}\`: that is the one to take back`,
    );
  // What was overtaken may be as our write left it again: the reading before the write tells.
  if (outcome !== "reverted" && outcome !== "contained" && outcome !== "overtaken")
    return refused(`its outcome is \`${outcome ?? incident.status}\`, so there is nothing to put back`);
  const remediation =
    incident.remediation === undefined
      ? undefined
      : wayBack(incident.remediation, incident.found ?? incident.remediation.becomes);
  if (remediation === undefined) return refused("its remediation has no way back");
  return actByPerson(world, ledger, telling, {
    original: incident,
    remediation,
    entry: { undoes: incident.id, ...(person === undefined ? {} : { by: actorText(person) }) },
    outcome: { kind: "undone" },
    since: writtenSince(incident),
    note: `undoes incident ${incident.id}`,
    mayNot: async (now) => undoneBefore(now),
    changedSince: "the subject has changed since the remediation, so undoing it would overwrite a later change",
  });
};
