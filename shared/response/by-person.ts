import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText } from "../domain/cloud-error.ts";
import { subjectKey, subjectText } from "../domain/kinds.ts";
import type { Outcome, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Telling } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { Incident } from "../ledger/incident.ts";
import { severityOf } from "../ledger/incident.ts";
import type { Lease } from "../ledger/lease.ts";
import { releaseLease, takeLease, yieldLease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import type { Doubt } from "./holders-since.ts";
import { doubtOfHolders } from "./holders-since.ts";
import { finishLeftover } from "./recover.ts";
import { settle } from "./settle.ts";
import type { WriteContext } from "./write.ts";
import { switchedOffText, writeRemediation } from "./write.ts";

/**
 * Why a person's act was not done: `refused` where it must not be, `changed` where the subject does not stand any more as
 * a plan that waited expects, `cloud` where the cloud did not let it. `incidentId` is the incident that tells how the subject stands now.
 * `toDo` is what is left to do of it where nothing takes the place of a plan that is void.
 */
export type PersonProblem = {
  readonly kind: "unknown" | "refused" | "changed" | "cloud";
  readonly because: string;
  readonly incidentId?: string;
  readonly toDo?: string;
};

/** A write that a person asks for, about an incident of the ledger. */
export type PersonsAct = {
  readonly original: Incident;
  readonly remediation: Remediation;
  /** What the entry of the act has beyond the original's: which incident it undoes or approves. */
  readonly entry: Partial<Pick<Incident, "undoes" | "approves" | "by" | "response" | "before">>;
  readonly outcome: Outcome;
  /** Since when its subject bears the name by which the remediation finds it, epoch milliseconds. */
  readonly since: number;
  readonly note: string;
  /** Asked again once the lease is held: somebody else may have decided meanwhile. */
  readonly mayNot: (now: Incident) => Promise<string | undefined>;
  /** Done once the act is on record and before anything is written, under the lease. */
  readonly begin?: (actId: string) => Promise<unknown>;
  readonly changedSince: string;
  readonly stoppedBy?: WriteContext["stoppedBy"];
};

export const leaseMs = 120_000;

export const refused = (because: string): Result<never, PersonProblem> => failed({ kind: "refused", because });

export const changed = (because: string): Result<never, PersonProblem> => failed({ kind: "changed", because });

/**
 * Carries out what a person asks for, as an act of its own with its own entry in the ledger. Refused when the subject no
 * longer stands as the act expects it: then it would overwrite what nobody looked at.
 */
export const actByPerson = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  act: PersonsAct,
): Promise<Result<Incident, PersonProblem>> => {
  const { original } = act;
  const id = world.newId();
  const key = subjectKey(original.subject);
  const taken = await takeLease(world.state, world.clock, world.accountId, key, id, leaseMs);
  if (!taken.taken)
    return refused(
      `somebody is at work on the ${subjectText(original.subject)}; try again in ${Math.ceil(taken.retryAfterMs / 1000)} s`,
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
    const because = await act.mayNot((await ledger.incident(original.id)) ?? original);
    const done = because === undefined ? await underLease(world, ledger, telling, act, lease) : refused(because);
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

/** What is left to do where nobody can tell by a name any more whom a plan is about. */
const byHand = "find out whom it was about, and make the change by hand if it is still wanted";

/**
 * Why a person's act may not go on where whom it is about is in doubt. Whoever bears a name since was not looked at by
 * anybody: what waited is void, and a way back is no way back.
 */
const refusedFor = ({ kind, because }: Doubt, isPlan: boolean): Result<never, PersonProblem> => {
  if (kind === "unknown") return refused(`${because}; try again once it can be, or make the change by hand`);
  return isPlan
    ? failed({ kind: "changed", because: `${because}, so the plan is void`, toDo: byHand })
    : refused(`${because}, so undoing it may be about another; ${byHand}`);
};

/**
 * The subject of a person's act as it stands, which is as the act expects it, and that of whom it is about. Where it is
 * another's, that is said rather than how it stands.
 */
export const asExpected = async (
  world: World,
  { subject, expects }: Remediation,
  { since, isPlan, changedSince }: Pick<PersonsAct, "since" | "changedSince"> & { readonly isPlan: boolean },
): Promise<Result<Subject | Gone, PersonProblem>> => {
  const live = await world.read(subject);
  if (!live.ok) return failed({ kind: "cloud", because: cloudErrorText(live.error) });
  const isChanged = stateDigest(live.value) !== expects;
  if (isChanged && !isPlan) return refused(changedSince);
  const doubt = await doubtOfHolders(world, subject, since);
  if (isChanged && doubt?.kind !== "another") return changed(changedSince);
  return doubt === undefined ? live : refusedFor(doubt, isPlan);
};

/** What the original found: an act on it is as serious, and bears its title. */
const aboutOf = (original: Incident): Pick<Incident, "about"> => {
  const title = (original.findings[0] ?? original.ofClaim?.[0] ?? original.about)?.title;
  return title === undefined ? {} : { about: { title, severity: severityOf(original) } };
};

/** A plan that waited may be made anew; a way back is just refused. */
const otherwise = ({ approves }: PersonsAct["entry"], because: string): Result<never, PersonProblem> =>
  approves === undefined ? refused(because) : changed(because);

/** Whoever lacks the approving role has to be given it, which no retry mends; undefined where something else went wrong. */
const mayNotAssumeText = (error: CloudError): string | undefined =>
  error.kind === "forbidden" && error.role !== undefined
    ? `the caller may not assume the approving role \`${error.role}\`: let somebody decide who may, or allow the caller \`sts:AssumeRole\` on it, by a policy and by the role's trust (${cloudErrorText(error)})`
    : undefined;

const underLease = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  { original, remediation, entry, outcome, since, note, changedSince, begin, stoppedBy }: PersonsAct,
  lease: Lease,
): Promise<Result<Incident, PersonProblem> | { readonly unfinished: string }> => {
  const isPlan = entry.approves !== undefined;
  const found = await asExpected(world, remediation, { since, isPlan, changedSince });
  if (!found.ok) return found;

  const own: Incident = {
    id: lease.incidentId,
    accountId: original.accountId,
    openedAt: world.clock.now(),
    status: "intended",
    events: [],
    subject: original.subject,
    findings: [],
    ...aboutOf(original),
    response: original.response,
    remediation,
    callsMade: [],
    ...entry,
  };
  await ledger.open(own);
  await begin?.(own.id);
  const session = await world.act(own.id, remediation.calls);
  if (!session.ok) {
    const mayNotAssume = mayNotAssumeText(session.error);
    const because = mayNotAssume ?? cloudErrorText(session.error);
    await ledger.abandon(own.id, because);
    return mayNotAssume === undefined ? failed({ kind: "cloud", because }) : refused(because);
  }
  const context = {
    world,
    ledger,
    lease,
    incidentId: own.id,
    session: session.value,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
  };
  const written = await writeRemediation(context, remediation);
  if (written.kind === "held" || written.kind === "already-so") {
    const state = written.kind === "held" ? written.state : undefined;
    return ok(await settle(world, ledger, telling, own.id, outcome, note, state));
  }
  // Whoever takes the lease next finds out what came of it.
  if (written.kind === "unfinished") return { unfinished: written.because };
  if (written.kind === "moved") {
    await ledger.abandon(own.id, changedSince);
    return otherwise(entry, changedSince);
  }
  if (written.kind === "stopped") {
    await ledger.abandon(own.id, switchedOffText(written));
    return refused(switchedOffText(written));
  }
  const because = "because" in written ? written.because : "a write was sent, and the subject is something else by now";
  await settle(world, ledger, telling, own.id, { kind: "failed", because });
  return failed({ kind: "cloud", because });
};
