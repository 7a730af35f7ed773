import { historyMs } from "./before.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Reason } from "./domain/plan.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject, SubjectKind, SubjectRef } from "./domain/subject.ts";
import type { TrailEvent } from "./domain/trail-event.ts";
import { takeIn } from "./intake/take-in.ts";
import type { Baseline } from "./ledger/baselines.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { operationNamesOn } from "./operations/understood.ts";
import type { TrailQuery } from "./ports/cloud.ts";
import type { World } from "./ports/world.ts";

/** Kinds of subject that are part of another one's state, so that their events explain that one as well. */
const partsOf: { readonly [kind in SubjectKind]?: readonly SubjectKind[] } = {
  application: ["app-secret", "app-installation"],
  "control-policy-switch": ["control-policy-attachment", "control-policy"],
};

/** Whether an event is about a subject, or about a part of it. */
const isAbout = ({ subject }: TrailEvent, ref: SubjectRef): boolean => {
  if (subjectKey(subject) === subjectKey(ref)) return true;
  if (partsOf[ref.kind]?.includes(subject.kind) !== true) return false;
  return ref.kind !== "application" || ("appId" in subject && subject.appId === ref.appId);
};

/** Whether an event may have made a subject what it is: what it claims of it is that, or it claims nothing of it. */
const mayHaveMade = ({ subject, claimed }: TrailEvent, ref: SubjectRef, live: Subject | Gone): boolean =>
  claimed === undefined || subject.kind !== ref.kind || stateDigest(claimed) === stateDigest(live);

type Filter = Pick<TrailQuery, "resourceName" | "eventName">;

/** A role's events are found by its name. How those of other kinds name their resource differs from call to call. */
const filtersFor = (ref: SubjectRef): readonly Filter[] =>
  ref.kind === "role-trust"
    ? [{ resourceName: ref.roleName }]
    : operationNamesOn([ref.kind, ...(partsOf[ref.kind] ?? [])]).map((eventName) => ({ eventName }));

/**
 * 50 events a page, for all names together. A history that is longer is not read, as anybody can fill it with calls that are
 * refused: what it may hold is not known then.
 */
const mostPages = 100;

export const historyTooLong: CloudError = {
  kind: "unreadable",
  code: "HistoryTooLong",
  operation: "ActionTrail.LookupEvents",
};

/** There was no time to read the history to its end. */
export const historyUnfinished: CloudError = {
  kind: "unreachable",
  code: "OutOfTime",
  operation: "ActionTrail.LookupEvents",
};

/** What an event may explain is not put back without a person. */
export const mayBeExplained: Reason = {
  kind: "unreadable",
  detail: "the audit trail holds more of such calls than is read, so that one of them may explain the change",
};

/** The newest event since the baseline that may have made a subject what it is; undefined where there is none. */
export const explanationOf = async (
  world: World,
  ref: SubjectRef,
  baseline: Pick<Baseline, "since">,
  live: Subject,
  isTime: () => boolean,
): Promise<Result<TrailEvent | undefined, CloudError>> => {
  const events = await eventsOn(world, ref, baseline.since, isTime);
  if (!events.ok) return events;
  return ok(
    events.value
      .filter((event) => mayHaveMade(event, ref, live))
      .reduce<TrailEvent | undefined>(
        (newest, event) => (event.occurredAt >= (newest?.occurredAt ?? 0) ? event : newest),
        undefined,
      ),
  );
};

/** The events about a subject, or a part of it, since a moment, as far as the audit trail shows them. */
export const eventsOn = async (
  world: World,
  ref: SubjectRef,
  since: number,
  isTime: () => boolean = () => true,
): Promise<Result<readonly TrailEvent[], CloudError>> => {
  const to = world.clock.now();
  const from = Math.max(Math.floor(since / 1000) * 1000, to - historyMs);
  const found: TrailEvent[] = [];
  let pages = 0;
  for (const filter of filtersFor(ref)) {
    const tokens = new Set<string>();
    let token: string | undefined;
    do {
      if (pages === mostPages) return failed(historyTooLong);
      if (pages > 0 && !isTime()) return failed(historyUnfinished);
      const page = await world.trail({ from, to, writesOnly: true, ...filter }, token);
      if (!page.ok) return page;
      found.push(...takeIn(page.value.events).events.filter((event) => isAbout(event, ref)));
      token = page.value.nextToken;
      if (token !== undefined && tokens.has(token)) token = undefined;
      else if (token !== undefined) tokens.add(token);
      pages += 1;
    } while (token !== undefined);
  }
  return ok(found);
};
