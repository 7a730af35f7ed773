import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { entityAccount, entityCovers, entityFacts, entityText } from "../policy/trust-entities.ts";
import { heldPower } from "./kit/held-power.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { isUntouched, isWholeAccount, readEntities, unreadable } from "./kit/trust.ts";

/** A role with power lets in all of the own account, or a broader party than it did. */
export const trustTooBroad = defineRule({
  id: "RAM.TrustTooBroad",
  control: "RAM-ROLE-005",
  severity: "high",
  maturity: "stable",
  subject: "role-trust",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { cis: ["2.10 (supports)"], attack: ["T1098.003"] },
  references: ["https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role"],
  needs: ["held"],
  text: {
    en: {
      title: "Role trusts a whole account where fewer are meant",
      rationale:
        "a trust policy that names the account lets in whoever of it may call `sts:AssumeRole` on the role: the list of those is written somewhere else, and grows unseen",
      runbook: [
        "List who may assume the role within the hour: identities with `sts:AssumeRole` on it, `AliyunSTSAssumeRoleAccess` included.",
        "Look for AssumeRole calls on the role since `eventTime` by anybody who did not use it in the 30 days before.",
        "Name the users or roles that are meant in the trust policy instead of `:root`.",
      ],
      falsePositives: "a role for all administrators of the account; exempt it, or set the rule to `off`",
    },
    "zh-CN": {
      title: "信任主体范围过大",
      rationale: "信任整个账号的角色会允许其中任何可对其调用 `sts:AssumeRole` 的身份进入：名单写在别处，并会悄然增长",
      runbook: [
        "一小时内列出可扮演该角色的身份：拥有对其 `sts:AssumeRole` 权限者，包括 `AliyunSTSAssumeRoleAccess`。",
        "查询自 `eventTime` 以来由此前 30 天未使用过该角色的身份发起的 AssumeRole 调用。",
        "在信任策略中以具体用户或角色代替 `:root`。",
      ],
      falsePositives: "供账号全体管理员使用的角色；请设置豁免，或将规则设为 `off`",
    },
  },
  judge: ({ subject, before, after }, { settings, held }) => {
    if (after.kind === "gone" || after.serviceLinked || isUntouched(subject, before)) return compliant;
    const now = readEntities(after.document);
    if (!now.ok) return unreadable(now.error);
    const broad = now.value.filter((entity) => isWholeAccount(entity, settings.accountId));
    const then = before.known && before.state.kind !== "gone" ? readEntities(before.state.document) : undefined;
    const were = then?.ok ? then.value : [];
    const fresh = broad.filter((entity) => !were.some((whole) => entityCovers(whole, entity)));
    if (fresh.length === 0) return compliant;
    if (!before.known)
      return undetermined({
        en: `role \`${subject.roleName}\` lets in all of an account; whether that is new is not known (${before.because})`,
        "zh-CN": `角色 \`${subject.roleName}\` 允许整个账号进入；不知道这是否为新的变更`,
      });
    // What takes the place of one of the same account is broader than it was, whatever the role may do.
    const broader = fresh.filter((entity) =>
      were.some((one) => entityCovers(entity, one) && entityAccount(one) !== undefined),
    );
    const power = heldPower(held, settings);
    if (broader.length === 0 && power.kind === "unknown")
      return undetermined({
        en: `role \`${subject.roleName}\` lets in all of the account, and what the role holds could not be read`,
        "zh-CN": `角色 \`${subject.roleName}\` 允许整个账号进入，且无法读取该角色的权限`,
      });
    const holds = power.kind === "strong" ? power.by : undefined;
    const counted = holds === undefined ? broader : fresh;
    const evidence = counted.map((entity): Evidence => {
      const text = entityText(entity);
      return {
        sentence: {
          en: `the role lets in ${text.en}${holds === undefined ? ", where a part of it was let in before" : `, and holds \`${holds}\``}`,
          "zh-CN": `该角色允许 ${text["zh-CN"]} 进入${holds === undefined ? "，此前仅允许其中一部分" : `，且拥有 \`${holds}\``}`,
        },
        facts: { role: subject.roleName, ...entityFacts(entity), ...(holds === undefined ? {} : { holds }) },
      };
    });
    const [first, ...others] = evidence;
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
