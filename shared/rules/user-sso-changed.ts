import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined } from "./kit/rule.ts";

/** All users log on by another identity provider than before, or by none. */
export const userSsoChanged = defineRule({
  id: "RAM.UserSsoChanged",
  control: "RAM-IDP-001",
  severity: "critical",
  maturity: "stable",
  subject: "sso-settings",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1484.002", "T1556"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setuserssosettings"],
  text: {
    en: {
      title: "User SSO turned off or its metadata replaced",
      rationale:
        "whoever owns the identity provider logs on as any user of the account; without one, passwords count again",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) at once; compare the `entityID` and the certificate of the new metadata with your provider's.",
        "Look at `ConsoleSignin` events by SSO since `eventTime`: each may be an intruder in the name of a user.",
        "Approve the plan (`warden approve <incident>`) only if the former metadata is still your provider's: an outdated one locks everybody out.",
      ],
      falsePositives: "the yearly change of the provider's certificate; have it made in a planned window",
    },
    "zh-CN": {
      title: "用户 SSO 关闭或元数据被替换",
      rationale: "控制身份提供商者可以任意用户身份登录；关闭 SSO 后则重新以密码登录",
      runbook: [
        "立即向修改者（事件的 `userIdentity`）确认；将新元数据的 `entityID` 与证书同贵方提供商的进行比对。",
        "查看自 `eventTime` 以来通过 SSO 的 `ConsoleSignin` 事件：每一次都可能是冒名者。",
        "仅当原元数据仍属于贵方提供商时才批准计划（`warden approve <incident>`）：过期的元数据会把所有人锁在门外。",
      ],
      falsePositives: "提供商证书的年度更换；请在计划窗口内进行",
    },
  },
  judge: ({ before, after, actor }, { settings }) => {
    if (after.kind === "gone") return compliant;
    if (!before.known || before.state.kind === "gone")
      return isDeclared(actor, settings)
        ? compliant
        : undetermined({
            en: "how users logged on before is not known, so whether that changed is not either",
            "zh-CN": "不知道用户之前如何登录，因此也不知道是否发生变化",
          });
    const [was, is] = [before.state.fields, after.fields];
    const maker = makerOf(actor);
    const evidence: Evidence[] = [];
    if (was.SsoEnabled === true && is.SsoEnabled !== true)
      evidence.push({
        sentence: { en: `\`${maker}\` turned user SSO off`, "zh-CN": `\`${maker}\` 关闭了用户 SSO` },
        facts: { maker, setting: "SsoEnabled" },
      });
    for (const setting of ["MetadataDocument", "AuxiliaryDomain"])
      if ((was[setting] ?? "") !== (is[setting] ?? ""))
        evidence.push({
          sentence: {
            en: `\`${maker}\` changed \`${setting}\` of user SSO`,
            "zh-CN": `\`${maker}\` 更改了用户 SSO 的 \`${setting}\``,
          },
          facts: { maker, setting },
        });
    const [first, ...others] = evidence;
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
