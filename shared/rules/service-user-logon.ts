import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { cameIntoUse, mayHaveSwitchedOn } from "./kit/logins.ts";
import { classNotKnown, classOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A user that belongs to a program can log on to the console: a second way in, which nobody is behind. */
export const serviceUserLogon = defineRule({
  id: "RAM.ServiceUserLogon",
  control: "RAM-USER-004",
  severity: "high",
  maturity: "stable",
  subject: "login",
  response: "contain",
  responses: ["contain", "revert", "ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-login-check"], attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createloginprofile"],
  text: {
    en: {
      title: "Console logon enabled for a service identity",
      rationale: "a program does not log on: whoever does so with its user is a person that no record names",
      runbook: [
        "Ask whoever opened the logon (`userIdentity` of the event) within the hour why; if they do not know of it, treat their credentials as taken.",
        "Look at `ConsoleSignin` events of the user between `eventTime` and the moment the logon was set Inactive.",
        "If the user is a person's, take its name out of `classes.service`, or its tag off; else have the logon deleted.",
      ],
      falsePositives: "a person whose user name looks like a program's; narrow the patterns of `classes.service`",
    },
    "zh-CN": {
      title: "程序用户启用控制台登录",
      rationale: "程序不会登录控制台：以其用户登录的是无法追溯的人",
      runbook: [
        "一小时内向启用登录者（事件的 `userIdentity`）确认原因；若其不知情，视其凭证已泄露。",
        "查看该用户自 `eventTime` 至登录被禁用之间的 `ConsoleSignin` 事件。",
        "若该用户属于个人，请将其移出 `classes.service` 或去掉其标签；否则删除该登录配置。",
      ],
      falsePositives: "名称像程序的个人用户；请收窄 `classes.service` 的模式",
    },
  },
  needs: ["userTags"],
  judge: (change, { settings, userTags }) => {
    const { actor, subject } = change;
    const whose = classOf(subject.userName, settings, userTags);
    if (whose === "human") return compliant;
    const how = cameIntoUse(change);
    if (how === "not in use" || how === "as before") return compliant;
    if (whose === undefined) return undetermined(classNotKnown(subject.userName));
    if (how === "not known")
      return mayHaveSwitchedOn(change)
        ? undetermined({
            en: `whether service user \`${subject.userName}\` could log on before is not known`,
            "zh-CN": `不知道程序用户 \`${subject.userName}\` 之前是否可以登录`,
          })
        : compliant;
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` opened a console logon for \`${subject.userName}\`, which the settings count among the service users`,
        "zh-CN": `\`${maker}\` 为 \`${subject.userName}\` 开启了控制台登录，而设置将其列为程序用户`,
      },
      { user: subject.userName, maker },
    );
  },
});
