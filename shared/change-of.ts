import type { Before, Change } from "./domain/change.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";

/** The change that an event made, between two states of its subject: of one kind, by the event's own word. */
export const changeOf = (event: Occasion, before: Before, after: Subject | Gone): Change =>
  ({
    kind: event.subject.kind,
    subject: event.subject,
    before,
    after,
    actor: event.actor,
    ...(event.leftOut === undefined ? {} : { leftOut: event.leftOut }),
    ...(event.unseen === undefined ? {} : { unseen: event.unseen }),
  }) as Change;
