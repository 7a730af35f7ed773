import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { cameIntoUse, mayHaveSwitchedOn } from "./kit/logins.ts";
import { isProtected, practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A user has a password of its own where everybody is to log on through the company's identity provider. */
export const passwordLogonBesideSso = defineRule({
  id: "RAM.PasswordLogonBesideSso",
  control: "RAM-IDP-004",
  severity: "medium",
  maturity: "stable",
  subject: "login",
  response: "contain",
  responses: ["contain", "revert", "ask", "alert", "off"],
  controls: { cis: ["1.4 (supports)"], attack: ["T1136.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createloginprofile"],
  text: {
    en: {
      title: "Local password user created where SSO is the rule",
      rationale:
        "a password here passes by the identity provider: it outlives the person's leaving and knows none of the provider's second factors",
      runbook: [
        "Ask whoever made the logon (`userIdentity` of the event) within the day what it is for.",
        "Look at `ConsoleSignin` events of the user between `eventTime` and the moment the logon was set Inactive.",
        "If the user is for emergencies, name it under `protected`; else have it log on through the provider.",
      ],
      falsePositives: "a break-glass user; name it under `protected`",
    },
    "zh-CN": {
      title: "SSO 体系外新建密码用户",
      rationale: "本地密码绕过身份提供商：人员离职后依然有效，也不受提供商第二因素的约束",
      runbook: [
        "一天内向登录配置的创建者（事件的 `userIdentity`）确认用途。",
        "查看该用户自 `eventTime` 至登录被禁用之间的 `ConsoleSignin` 事件。",
        "若为应急用户，请登记到 `protected`；否则让其通过身份提供商登录。",
      ],
      falsePositives: "应急用户；请登记到 `protected`",
    },
  },
  judge: (change, { settings }) => {
    const { actor, subject } = change;
    if (practicesOf(settings).sso === "optional" || isProtected("user", subject.userName, settings)) return compliant;
    const how = cameIntoUse(change);
    if (how === "not in use" || how === "as before") return compliant;
    if (how === "not known")
      return mayHaveSwitchedOn(change)
        ? undetermined({
            en: `whether user \`${subject.userName}\` could log on with a password before is not known`,
            "zh-CN": `不知道用户 \`${subject.userName}\` 之前是否可以用密码登录`,
          })
        : compliant;
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` opened a logon with a password for user \`${subject.userName}\`, where the settings ask for single sign-on`,
        "zh-CN": `\`${maker}\` 为用户 \`${subject.userName}\` 开启了密码登录，而设置要求使用单点登录`,
      },
      { user: subject.userName, maker },
    );
  },
});
