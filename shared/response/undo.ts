import { cloudErrorText } from "../domain/cloud-error.ts";
import { subjectKey, subjectText } from "../domain/kinds.ts";
import type { Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Telling } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Lease } from "../ledger/lease.ts";
import { releaseLease, takeLease, yieldLease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import { finishLeftover } from "./recover.ts";
import { settle } from "./settle.ts";
import { writeRemediation } from "./write.ts";

/** Why an undo was not done: `refused` where it must not be, `cloud` where the cloud did not let it. */
export type UndoProblem = { readonly kind: "unknown" | "refused" | "cloud"; readonly because: string };

const leaseMs = 120_000;

const refused = (because: string): Result<never, UndoProblem> => failed({ kind: "refused", because });

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

/**
 * Puts back what a remediation changed, as an act of its own with its own entry in the ledger. Refused when the subject
 * has changed since: then the state that was put back is not the one that would be replaced.
 */
export const undoIncident = async (
  given: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
): Promise<Result<Incident, UndoProblem>> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const incident = await ledger.incident(incidentId);
  if (incident === undefined)
    return failed({ kind: "unknown", because: `no incident \`${incidentId}\` in the ledger` });
  if (incident.undoneBy !== undefined) return refused(`it was undone before, by incident \`${incident.undoneBy}\``);
  const outcome = incident.outcome?.kind;
  // What was overtaken may be as our write left it again: the reading before the write tells.
  if (outcome !== "reverted" && outcome !== "contained" && outcome !== "overtaken")
    return refused(`its outcome is \`${outcome ?? incident.status}\`, so there is nothing to put back`);
  const remediation =
    incident.remediation === undefined
      ? undefined
      : wayBack(incident.remediation, incident.found ?? incident.remediation.becomes);
  if (remediation === undefined) return refused("its remediation has no way back");

  const id = world.newId();
  const key = subjectKey(incident.subject);
  const taken = await takeLease(world.state, world.clock, world.accountId, key, id, leaseMs);
  if (!taken.taken)
    return refused(
      `somebody is at work on the ${subjectText(incident.subject)}; try again in ${Math.ceil(taken.retryAfterMs / 1000)} s`,
    );
  const { lease } = taken;
  try {
    for (const left of taken.left) {
      const finished = await finishLeftover(world, ledger, telling, lease, left);
      if (finished.kind === "deferred") {
        await yieldLease(world.state, world.clock, lease);
        return failed({ kind: "cloud", because: finished.because });
      }
    }
    // Whoever held the lease before may have undone it meanwhile.
    const now = (await ledger.incident(incidentId)) ?? incident;
    const done =
      now.undoneBy === undefined
        ? await undoUnderLease(world, ledger, telling, now, remediation, lease)
        : refused(`it was undone before, by incident \`${now.undoneBy}\``);
    if ("unfinished" in done) {
      await yieldLease(world.state, world.clock, lease);
      return failed({ kind: "cloud", because: done.unfinished });
    }
    await releaseLease(world.state, lease);
    return done;
  } catch (error) {
    await yieldLease(world.state, world.clock, lease).catch(() => undefined);
    throw error;
  }
};

const changedSince = "the subject has changed since the remediation, so undoing it would overwrite a later change";

const undoUnderLease = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  original: Incident,
  remediation: Remediation,
  lease: Lease,
): Promise<Result<Incident, UndoProblem> | { readonly unfinished: string }> => {
  const live = await world.read(remediation.subject);
  if (!live.ok) return failed({ kind: "cloud", because: cloudErrorText(live.error) });
  if (stateDigest(live.value) !== remediation.expects) return refused(changedSince);

  const undo: Incident = {
    id: lease.incidentId,
    accountId: original.accountId,
    openedAt: world.clock.now(),
    status: "intended",
    events: [],
    subject: original.subject,
    findings: [],
    response: original.response,
    remediation,
    callsMade: [],
    undoes: original.id,
  };
  await ledger.open(undo);
  const session = await world.act(undo.id, remediation.calls);
  if (!session.ok) {
    const because = cloudErrorText(session.error);
    await ledger.abandon(undo.id, because);
    return failed({ kind: "cloud", because });
  }
  const written = await writeRemediation(
    { world, ledger, lease, incidentId: undo.id, session: session.value },
    remediation,
  );
  if (written.kind === "held" || written.kind === "already-so") {
    const note = `undoes incident ${original.id}`;
    const state = written.kind === "held" ? written.state : undefined;
    return ok(await settle(world, ledger, telling, undo.id, { kind: "undone" }, note, state));
  }
  // Whoever takes the lease next finds out what came of it.
  if (written.kind === "unfinished") return { unfinished: written.because };
  if (written.kind === "moved") {
    await ledger.abandon(undo.id, changedSince);
    return refused(changedSince);
  }
  const because = "because" in written ? written.because : "a write was sent, and the subject is something else by now";
  await settle(world, ledger, telling, undo.id, { kind: "failed", because });
  return failed({ kind: "cloud", because });
};
