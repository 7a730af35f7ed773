import { changeOf } from "./change-of.ts";
import type { Change } from "./domain/change.ts";
import { linkOf, subjectKey } from "./domain/kinds.ts";
import type { Remediation } from "./domain/plan.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import type { Incident } from "./ledger/incident.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { remediationFor } from "./planning/remediation-for.ts";
import { documentForm } from "./policy/canonical.ts";
import type { World } from "./ports/world.ts";
import { judgeChange } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/** A change that broke no rule and went with one that did, and what brings it back where that could be worked out. */
export type UndoneWith = { readonly by: Incident; readonly back?: Remediation };

/**
 * The incident whose putting back undid the change of an event as well. Events come late and out of order: what was put
 * back is the state accepted last at that time, and a change between it and the one that broke a rule was not known yet.
 */
export const undoneWith = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
): Promise<UndoneWith | undefined> => {
  const { subject, claimed, occurredAt } = event;
  if (claimed === undefined || claimed.kind === "gone" || linkOf(subject) !== undefined) return undefined;
  const last = await ledger.lastOn(subjectKey(subject));
  if (last?.outcome !== "reverted" || occurredAt > (last.wroteAt ?? last.settledAt)) return undefined;
  const by = await ledger.incident(last.incidentId);
  if (by?.before?.known !== true || by.before.since === undefined) return undefined;
  const { before } = by;
  const since = Math.floor(by.before.since / 1000) * 1000;
  const isLedTo = by.events.some(
    ({ eventId, requestId }) => eventId === event.eventId || requestId === event.requestId,
  );
  if (occurredAt < since || isLedTo || isAsGood(before.state, claimed)) return undefined;
  const findings = judgeChange(changeOf(event, before, claimed), { settings: settings.rules });
  if (findings.some(({ verdict }) => verdict.kind === "violation")) return undefined;
  const live = await world.read(subject);
  if (!live.ok) return { by };
  // Somebody has brought it back meanwhile.
  if (isAsGood(live.value, claimed)) return undefined;
  const wanted = { known: true, state: claimed, provenance: "proven-by-event" } as const;
  const change = { kind: subject.kind, subject, before: wanted, after: live.value, actor: event.actor } as Change;
  const chosen = remediationFor(change, "revert");
  return chosen.ok ? { by, back: chosen.value.remediation } : { by };
};

/** What a claim leaves out is as it was: two states with one document are one as far as the claim goes. */
const isAsGood = (state: Subject | Gone, claimed: Subject): boolean => {
  const [one, other] = [documentIn(state), documentIn(claimed)];
  return one === undefined || other === undefined
    ? stateDigest(state) === stateDigest(claimed)
    : documentForm(one) === documentForm(other);
};

const documentIn = (state: Subject | Gone): string | undefined =>
  "document" in state && typeof state.document === "string" ? state.document : undefined;
