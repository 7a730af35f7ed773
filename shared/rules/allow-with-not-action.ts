import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { matchesAny } from "../policy/action-globs.ts";
import { compareDocuments } from "../policy/compare.ts";
import { parseDocument } from "../policy/parse.ts";
import { attachedOf, permissionsRead } from "./kit/permissions.ts";
import { defineRule, undetermined } from "./kit/rule.ts";

/** Actions of the services by which an account is taken over: one that is not left out is let in. */
const grave = ["ram:AttachPolicyToUser", "ims:CreateAccessKey", "sts:AssumeRole", "actiontrail:StopLogging"];

/** A policy that allows all but a list: every service that the cloud will ever have is in it. */
export const allowWithNotAction = defineRule({
  id: "RAM.AllowWithNotAction",
  control: "RAM-POL-010",
  severity: "medium",
  maturity: "stable",
  subject: "policy",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: {
    cis: ["1.15 (supports)"],
    cloudConfig: ["ram-policy-no-has-specified-document"],
    attack: ["T1098.003"],
  },
  references: ["https://help.aliyun.com/zh/ram/policy-structure-and-syntax"],
  needs: ["holders"],
  text: {
    en: {
      title: "Allow with NotAction",
      rationale:
        "what such a statement allows is not written anywhere: all that the cloud has, and will have, but for a list",
      runbook: [
        "Read what is left out (`facts.except`) within the day, and which grave actions are not (`facts.grave`).",
        "Write the policy anew as a list of what is needed; `warden policy compare` shows what the new text allows less.",
      ],
      falsePositives: "a policy of power users that leaves RAM out on purpose; exempt it, or set the rule to `off`",
    },
    "zh-CN": {
      title: "使用 NotAction 授权",
      rationale: "此类语句允许的内容没有写在任何地方：除列表外，云上现有和将来的一切操作",
      runbook: [
        "一天内查看被排除的操作（`facts.except`）以及未被排除的高危操作（`facts.grave`）。",
        "将策略改写为所需操作的列表；`warden policy compare` 会显示新内容减少了哪些权限。",
      ],
      falsePositives: "有意排除 RAM 的高级用户策略；请设置豁免，或将规则设为 `off`",
    },
  },
  judge: (change, facts) => {
    const read = permissionsRead(change, facts);
    if (read.kind === "same") return compliant;
    if (read.kind === "unknown") return undetermined(read.because);
    const { before, after, deed, facts: named } = read.change;
    const [text] = attachedOf(after);
    if (text === undefined) return compliant;
    const parsed = parseDocument(after[0]?.text ?? "", "permission");
    if (!parsed.ok)
      return undetermined({
        en: `${deed.en}, whose text cannot be read`,
        "zh-CN": `${deed["zh-CN"]}，其内容无法读取`,
      });
    const evidence = parsed.value.statements
      .filter(({ effect, action }) => effect === "Allow" && action.complement)
      // One that only allows what was allowed before is nothing new, however it is written.
      .filter(
        (statement) =>
          compareDocuments(attachedOf(before), [{ ...parsed.value, statements: [statement] }]).result !==
          "no-new-access",
      )
      .map(({ action }): Evidence => {
        const except = action.patterns.join(", ");
        const included = grave.filter((one) => matchesAny(action, one)).join(", ");
        return {
          sentence: {
            en: `${deed.en}, which allows everything but \`${except}\`${included === "" ? "" : `, so that it includes \`${included}\``}`,
            "zh-CN": `${deed["zh-CN"]}，其允许除 \`${except}\` 之外的所有操作${included === "" ? "" : `，包括 \`${included}\``}`,
          },
          facts: { ...named, except, ...(included === "" ? {} : { grave: included }) },
        };
      });
    const [first, ...others] = evidence;
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
