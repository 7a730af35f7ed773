import type { Approvals, Guardrails, RuleSettings, Telling } from "./domain/settings.ts";
import type { Exemptions } from "./planning/exemptions.ts";

/** The exemptions that stand beside the settings; or what is wrong with them, each with its place. */
export type ExemptionsRead =
  | { readonly kind: "read"; readonly exemptions: Exemptions }
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

/** What one invocation of the pipeline goes by: the settings of `warden.yaml`, as values. */
export type Settings = {
  readonly rules: RuleSettings;
  readonly guardrails: Guardrails;
  readonly telling: Telling;
  /** For how many milliseconds a plan that waits for a person may be approved. */
  readonly approvals: Approvals;
  /** None unless given. */
  readonly exemptions?: ExemptionsRead;
  /** Whether the sweep looks at the account as it stands, and tells what is wrong with it; it does not where it is left out. */
  readonly audit?: "daily" | "off";
};
