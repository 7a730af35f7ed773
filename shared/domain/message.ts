import type { Severity } from "./finding.ts";
import type { JsonObject } from "./json.ts";

/**
 * A piece of text. A plain string is ours; `untrusted` came from outside (a name, a user agent, a document), may have
 * been chosen by an attacker, and is neutralised by each channel in its own way before it is shown.
 */
export type Span = string | { readonly untrusted: string };

/** What is told to people, free of any channel's form. */
export type Message = {
  /** Stable over retries: a receiver may see one id twice after an unknown send, and can tell. */
  readonly id: string;
  readonly incidentId: string;
  readonly severity: Severity;
  /** The rules whose findings it tells of; absent where it is about no finding. */
  readonly rules?: readonly string[];
  /** The incidents of a digest, the worst first; absent of a message about one. */
  readonly together?: readonly string[];
  readonly title: readonly Span[];
  readonly fields: readonly { readonly label: string; readonly value: readonly Span[] }[];
  /** The same as data, for machines: raw and exact values, no secret. */
  readonly data: JsonObject;
};

/** Which messages a channel is for. */
export type Route = { readonly atLeast?: Severity; readonly rules?: readonly string[] };

/** How a send ended. After `unknown` the message may have been delivered. */
export type SendOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "retry"; readonly afterMs: number; readonly because: string }
  /** `content`: for what this message says; another one may be taken. */
  | { readonly kind: "rejected"; readonly because: string; readonly content?: true }
  | { readonly kind: "unknown"; readonly because: string };
