/** Permission documents say what their holder may do; trust documents say who may take on a role. */
export type DocumentKind = "permission" | "trust";

export type Effect = "Allow" | "Deny";

/**
 * A set of texts: those that match at least one pattern or, with `complement` (NotAction, NotResource), those that match
 * none. In a pattern `*` stands for any run of characters, `?` for exactly one.
 */
export type Globs = { readonly complement: boolean; readonly patterns: readonly string[] };

/** `type` is `RAM`, `Service`, `Federated`, another word that was written there, or `*` for a principal without a type. */
export type PrincipalPattern = { readonly type: string; readonly value: string };

export type Principals = { readonly complement: boolean; readonly patterns: readonly PrincipalPattern[] };

export type ConditionFamily = "string" | "numeric" | "date" | "bool" | "ip" | "opaque";

/** One operator on one key. The values are alternatives; the tests of one statement must all hold. */
export type ConditionTest = {
  /** As documented, without `IfExists`; for the family `opaque` exactly as written. */
  readonly operator: string;
  readonly family: ConditionFamily;
  /** The operator is a negation: it holds when none of the values matches. */
  readonly negated: boolean;
  /** Not documented for RAM; read as "or the key is missing". */
  readonly ifExists: boolean;
  /** As written; two spellings that differ in case only are one key. */
  readonly key: string;
  readonly values: readonly string[];
};

export type Statement = {
  /** The place in the document's list of statements, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: Effect;
  readonly action: Globs;
  readonly resource?: Globs;
  readonly principal?: Principals;
  readonly conditions: readonly ConditionTest[];
};

/** What keeps the meaning of a document from being certain: it is read in the likeliest way, and answers are not exact. */
export type Flaw = { readonly path: string; readonly what: string };

export type PolicyDocument = {
  readonly kind: DocumentKind;
  readonly statements: readonly Statement[];
  readonly flaws: readonly Flaw[];
};

/** Why a text is no document at all. `path` is a place such as `$.Statement[2].Condition.StringEquals`. */
export type DocumentError = { readonly path: string; readonly what: string };
