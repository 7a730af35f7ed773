import type { Guardrails, RuleSettings, Telling } from "./domain/settings.ts";

/** What one invocation of the pipeline goes by: the settings of `warden.yaml`, as values. */
export type Settings = {
  readonly rules: RuleSettings;
  readonly guardrails: Guardrails;
  readonly telling: Telling;
  /** Whether the sweep looks at the account as it stands, and tells what is wrong with it; it does not where it is left out. */
  readonly audit?: "daily" | "off";
};
