import type { Principal } from "../identity.ts";
import type { Json, JsonObject } from "../json.ts";

/** Gives the canonical text of a policy or trust document, so that white space and order do not matter. */
export type DocumentForm = (document: string) => string;

/** Whom a write on a subject touches: an identity, the account owner, or no identity but the account as a whole. */
export type Touched = Principal | "root" | "account";

/** What is known of one kind of subject, whatever is done with it. */
export type KindInfo<Ref, State> = {
  /** The parts that name it, equal for every spelling and route that leads to the same resource. */
  readonly key: (ref: Ref) => readonly string[];
  /** How a person reads it: `trust policy of role deploy`. */
  readonly text: (ref: Ref) => string;
  /** The names in it that somebody outside chose. */
  readonly names: (ref: Ref) => readonly string[];
  readonly touches: (ref: Ref) => Touched;
  /** What two readings are compared by: all that a write would overwrite, and nothing that RAM changes by itself. */
  readonly compared: (state: State, form: DocumentForm) => JsonObject;
  /** The id that is never used twice, so that a thing made anew under an old name is known as another. */
  readonly incarnation?: (state: State) => string | undefined;
  /** For a link, whose existence is all there is to it: the state that a successful removal proves. */
  readonly link?: (ref: Ref) => State;
  /** What of a state is kept to go back to; all of it unless given, `undefined` for nothing. */
  readonly kept?: (state: State) => State | undefined;
  /** What of a claim tells two events that share an id apart; the compared state unless given, `undefined` for nothing. */
  readonly claim?: (state: State) => Json | undefined;
};
