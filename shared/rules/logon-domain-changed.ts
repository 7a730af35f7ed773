import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** The logon names of all users end otherwise, or may end in a further domain. */
export const logonDomainChanged = defineRule({
  id: "RAM.LogonDomainChanged",
  control: "RAM-IDP-005",
  severity: "medium",
  maturity: "stable",
  subject: ["account-alias", "domain"],
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1556"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setdefaultdomain"],
  text: {
    en: {
      title: "Default domain or account alias changed",
      rationale:
        "every user logs on under another name from then on, and another account may take the former alias and the logons that go astray",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour why; nobody can log on by the former names meanwhile.",
        "Look at `ConsoleSignin` failures since `eventTime`: these are the users who were not told.",
        "Approve the plan (`warden approve <incident>`) while nobody else has taken the former alias; a domain is removed in the console.",
      ],
      falsePositives:
        "a company that changes its name; make the change by a declared pipeline and tell the users before",
    },
    "zh-CN": {
      title: "默认域名/账号别名变更",
      rationale: "此后所有用户的登录名都会改变，而原别名可能被其他账号占用，误入的登录也随之被其获取",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认原因；期间无人能用原登录名登录。",
        "查看自 `eventTime` 以来失败的 `ConsoleSignin`：这些是未被告知的用户。",
        "趁原别名未被占用时批准计划（`warden approve <incident>`）；域名需在控制台移除。",
      ],
      falsePositives: "公司更名；请由已声明的流水线变更并事先通知用户",
    },
  },
  judge: (change, { settings }) => {
    const { before, after, actor } = change;
    if (after.kind === "gone" || isDeclared(actor, settings)) return compliant;
    const maker = makerOf(actor);
    if (after.kind === "domain") {
      if (before.known && before.state.kind !== "gone") return compliant;
      return violation(
        {
          en: `\`${maker}\` added the domain \`${after.domainName}\`, in which logon names may end`,
          "zh-CN": `\`${maker}\` 添加了可用于登录名的域名 \`${after.domainName}\``,
        },
        { maker, domain: after.domainName },
      );
    }
    if (!before.known || before.state.kind !== "account-alias")
      return undetermined({
        en: "what the account's alias was before is not known, so whether it changed is not either",
        "zh-CN": "不知道账号之前的别名，因此也不知道是否发生变化",
      });
    const from = before.state.alias;
    if (from === after.alias) return compliant;
    const shown = (alias: string, none: string): string => (alias === "" ? none : alias);
    return violation(
      {
        en: `\`${maker}\` changed the account's alias from \`${shown(from, "none")}\` to \`${shown(after.alias, "none")}\``,
        "zh-CN": `\`${maker}\` 将账号别名由 \`${shown(from, "无")}\` 改为 \`${shown(after.alias, "无")}\``,
      },
      { maker, from, to: after.alias },
    );
  },
});
