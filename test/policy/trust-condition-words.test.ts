import { expect, test } from "vitest";
import { conditionKeyText, conditionSeverity } from "../../shared/policy/trust-condition-words.ts";

test("a key is told by what it is, whatever its case, in both languages", () => {
  expect(conditionKeyText("STS:ExternalId")).toEqual({
    en: "`STS:ExternalId` (the external id)",
    "zh-CN": "`STS:ExternalId`（外部 ID）",
  });
});

test.each(["x:y", "constructor", "__proto__"])("a key that nobody knows is told as it stands: %s", (key) => {
  expect(conditionKeyText(key)).toEqual({ en: `\`${key}\``, "zh-CN": `\`${key}\`` });
  expect(conditionSeverity(key)).toBe("medium");
});

test.each([
  ["oidc:SUB", "critical"],
  ["sts:ExternalId", "high"],
  ["acs:SecureTransport", "medium"],
])("losing a condition on %s is %s", (key, severity) => {
  expect(conditionSeverity(key)).toBe(severity);
});
