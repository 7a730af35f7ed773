import type { Actor } from "./identity.ts";
import type { Gone, RefOf, ResettableValue, Subject, SubjectKind, SubjectOf } from "./subject.ts";
import type { Unseen } from "./unseen.ts";

/** How we know what was before; part of the evidence. */
export type Provenance =
  | "baseline"
  /** A person put it back by an undo, and so accepted it whatever the rules say. */
  | "undo"
  | "history"
  | "policy-version"
  | "proven-by-event";

export type Known<State> = {
  readonly known: true;
  readonly state: State;
  readonly provenance: Provenance;
  /** When it came to be so, epoch milliseconds, where a baseline or an event of the history tells. */
  readonly since?: number;
};
export type Unknown = { readonly known: false; readonly because: string };

/** What is known of how a subject stood before a change. */
export type Before = Known<Subject | Gone> | Unknown;

/** A subject before and after, and who changed it. `actor` is absent when nobody's event led here (sweep, audit). */
export type Change<Kind extends SubjectKind = SubjectKind> = Kind extends SubjectKind
  ? {
      readonly kind: Kind;
      readonly subject: RefOf<Kind>;
      readonly before: Known<SubjectOf<Kind> | Gone> | Unknown;
      readonly after: SubjectOf<Kind> | Gone;
      readonly actor: Actor | undefined;
      /** What the change's own event says that it made of the subject, which may have changed again since. */
      readonly claimed?: SubjectOf<Kind> | Gone;
      /** What the change's own request is known to have left out, so that it was lost. */
      readonly leftOut?: readonly ResettableValue[];
      /** Set where every value of the subject was judged, so that all of them go back, and not a document alone. */
      readonly whole?: true;
      /** Set where a rule judged how long the sessions of a role may last, so that it goes back as well. */
      readonly sessionLength?: true;
      /** What the change did that its subject does not show. */
      readonly unseen?: readonly Unseen[];
    }
  : never;
