import type { DocumentKind, PolicyDocument } from "./document.ts";

export type Scope = "account" | { readonly resourceGroupId: string };

/** A document as text, or as read by `parseDocument`. */
export type DocumentInput = string | PolicyDocument;

/**
 * One attached document. A Deny that is attached to a resource group never hides an Allow of the account's scope, since
 * RAM decides by the account's scope first: https://help.aliyun.com/zh/ram/policy-evaluation-process
 */
export type Attached = DocumentInput | { readonly document: DocumentInput; readonly scope: Scope };

/** All that holds for one principal: the documents attached to it, and a session policy that can only take away. */
export type Attachments =
  | readonly Attached[]
  | { readonly documents: readonly Attached[]; readonly session: readonly DocumentInput[] };

/** One of the open readings of RAM's rules: `A3` is about wildcards, `A4` about negation where the key is missing. */
export type Reading = { readonly wildcards: "flat" | "segments"; readonly negationHolds: boolean };

export type CompareOptions = {
  /** Without it the kind is seen from the documents. */
  readonly kind?: DocumentKind;
  /** How many steps of search may be spent, over all readings; then the answer is `undecided`. */
  readonly budget?: number;
  /** One witness for each statement that grants something new, not only the first found. */
  readonly allWitnesses?: boolean;
};

/** A request that could be made: what the new documents allow and the old ones do not. */
export type Witness = {
  readonly action: string;
  readonly resource?: string;
  readonly principal?: { readonly type: string; readonly value: string };
  /** A key that is not there is missing from the request. */
  readonly context: Readonly<Record<string, string>>;
};

/** Where a statement stands: which of the given documents, and which statement of it, both from 0. */
export type StatementRef = { readonly document: number; readonly statement: number; readonly sid?: string };

export type Grant = {
  readonly witness: Witness;
  readonly allowedBy: StatementRef;
  /** The Deny of the old documents that forbade the witness until now. */
  readonly noLongerDeniedBy?: StatementRef;
};

/** Two readings of RAM that its documentation leaves open: `A3` wildcards in resource names, `A4` negation of a missing key. */
export type Ambiguity = "A3" | "A4";

export type ComparisonResult = "new-access" | "no-new-access" | "undecided";

export type Comparison = {
  /** `new-access` if any reading says so. */
  readonly result: ComparisonResult;
  /** The answer under the likelier readings alone. */
  readonly recommended: ComparisonResult;
  /** False where something in the documents has no certain meaning; the answer then errs towards new access. */
  readonly exact: boolean;
  readonly inexactBecause?: readonly string[];
  /** The open readings on which the answer hangs. */
  readonly ambiguous: readonly Ambiguity[];
  readonly witness?: Witness;
  readonly allowedBy?: StatementRef;
  readonly noLongerDeniedBy?: StatementRef;
  /** With `allWitnesses`: one for each statement that grants something new. */
  readonly grants?: readonly Grant[];
  /** Why nothing was decided. */
  readonly because?: string;
  /** Steps of search spent. */
  readonly steps: number;
};
