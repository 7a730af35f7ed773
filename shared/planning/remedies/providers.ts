import type { Response } from "../../domain/finding.ts";
import type { Call, Reason } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type { OidcProvider, OidcProviderRef, SamlProvider, SamlProviderRef } from "../../domain/subjects/federation.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen } from "../chosen.ts";
import { putBack, toPerson } from "../chosen.ts";

type Provider = SamlProvider | OidcProvider;
type ProviderRef = SamlProviderRef | OidcProviderRef;

/** The calls that make an identity provider as it stands, and that delete it. */
type Calls = { readonly make: Call; readonly remove: Call };

/** Deletes an identity provider that is new. */
export const providerDeleted = (
  subject: ProviderRef,
  now: Provider,
  { make, remove }: Calls,
  asked: Response,
): Result<Chosen, Reason> =>
  putBack(
    { subject, expects: stateDigest(now), was: now, becomes: gone, calls: [remove], undo: [make], anew: "undo" },
    asked,
  );

/** Makes an identity provider again that is gone, on a person's word. */
export const providerMadeAgain = (
  subject: ProviderRef,
  was: Provider,
  { make, remove }: Calls,
): Result<Chosen, Reason> =>
  toPerson(
    { subject, expects: stateDigest(gone), was: gone, becomes: was, calls: [make], undo: [remove], anew: "calls" },
    "grants-privilege",
    "whoever the provider lets in could assume the roles that trust it again",
  );
