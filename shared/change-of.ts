import type { Before, Change } from "./domain/change.ts";
import type { Gone, Subject, SubjectRef } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";

/** The change that an event made, between two states of its subject: of one kind, by the event's own word. */
export const changeOf = (event: Occasion, before: Before, after: Subject | Gone): Change =>
  ({
    kind: event.subject.kind,
    subject: withOwner(event.subject, after),
    before,
    after,
    actor: event.actor,
    ...(event.claimed === undefined ? {} : { claimed: event.claimed }),
    ...(event.leftOut === undefined ? {} : { leftOut: event.leftOut }),
    ...(event.unseen === undefined ? {} : { unseen: event.unseen }),
  }) as Change;

/** A key whose owner the event names by an id belongs to whom the reading names: guardrails go by names. */
const withOwner = (ref: SubjectRef, state: Subject | Gone): SubjectRef =>
  ref.kind === "access-key" && ref.owner.kind === "user-id" && state.kind === "access-key"
    ? { ...ref, owner: state.owner }
    : ref;
