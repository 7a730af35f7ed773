import type { Settings } from "../shared/settings.ts";

/** Settings for the feeds: one event in twelve breaks a rule, and nothing is written. */
export const benchSettings: Settings = {
  rules: {
    accountId: "1234567890123456",
    trusted: { accounts: [], services: ["ecs.aliyuncs.com", "fc.aliyuncs.com"], entities: [] },
    provisioners: [{ kind: "role", name: "deploy" }],
    highRiskPolicies: [],
    responses: {},
  },
  guardrails: { mode: "observe", protected: [], ownRoles: { looking: "looking", acting: "acting" } },
  telling: { language: "en", timeZone: "UTC" },
  approvals: { openForMs: 259_200_000 },
};
