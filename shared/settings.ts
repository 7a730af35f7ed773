import type { Guardrails, RuleSettings, Telling } from "./domain/settings.ts";

/** What one invocation of the pipeline goes by: the settings of `warden.yaml`, as values. */
export type Settings = {
  readonly rules: RuleSettings;
  readonly guardrails: Guardrails;
  readonly telling: Telling;
  /** For how many milliseconds a plan that waits for a person may be approved. */
  readonly approvals: { readonly openForMs: number };
};
