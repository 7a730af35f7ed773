import type { Change } from "../domain/change.ts";
import type { Response } from "../domain/finding.ts";
import type { Reason } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import type { SubjectKind } from "../domain/subject.ts";
import type { Chosen, Remedier } from "./chosen.ts";
import { accessKeyRemedy } from "./remedies/access-key.ts";
import { credentialsRemedies } from "./remedies/credentials.ts";
import { directoryRemedies } from "./remedies/directory.ts";
import { federationRemedies } from "./remedies/federation.ts";
import { grantRemedy } from "./remedies/grant.ts";
import { identitiesRemedies } from "./remedies/identities.ts";
import { policiesRemedies } from "./remedies/policies.ts";
import { settingsRemedies } from "./remedies/settings.ts";
import { trustRemedy } from "./remedies/trust.ts";

export type { Chosen } from "./chosen.ts";

const remedies: { readonly [Kind in SubjectKind]: Remedier<Kind> } = {
  "role-trust": trustRemedy,
  "access-key": accessKeyRemedy,
  grant: grantRemedy,
  ...identitiesRemedies,
  ...credentialsRemedies,
  ...policiesRemedies,
  ...settingsRemedies,
  ...federationRemedies,
  ...directoryRemedies,
};

/** The exact inverse, or the most reversible containment, of a change; or the reason why there is none. */
export const remediationFor = (change: Change, asked: Response): Result<Chosen, Reason> =>
  (remedies[change.kind] as Remedier<SubjectKind>)(change, asked);
