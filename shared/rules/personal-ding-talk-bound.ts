import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A person's own DingTalk account is bound to a RAM user. The service that binds it sends RAM Warden no events yet. */
export const personalDingTalkBound = defineRule({
  id: "RAM.PersonalDingTalkBound",
  control: "RAM-USER-013",
  severity: "low",
  maturity: "stable",
  subject: "personal-dingtalk",
  response: "alert",
  responses: ["alert", "off"],
  controls: { attack: ["T1098"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Personal DingTalk bound to a RAM user",
      rationale: "who has the person's DingTalk account can log on as the user, and the company cannot take that away",
      runbook: [
        "Ask the user within the day whether the DingTalk account is theirs.",
        "Look at `ConsoleSignin` events of the user since `eventTime` that came by DingTalk.",
        "Unbind it in the console, and set `AllowUserToManagePersonalDingTalk` to false so that nobody binds another.",
      ],
      falsePositives:
        "an account in which that is allowed: set `logon.personalDingTalk` to `allowed`; binding is an event of `AasSub`, which is not received yet",
    },
    "zh-CN": {
      title: "RAM 用户绑定个人钉钉",
      rationale: "持有该个人钉钉账号者即可以该用户身份登录，而公司无法收回",
      runbook: [
        "一天内向该用户确认钉钉账号是否属于本人。",
        "查看该用户自 `eventTime` 以来通过钉钉登录的 `ConsoleSignin` 事件。",
        "在控制台解绑，并将 `AllowUserToManagePersonalDingTalk` 设为 false，避免再次绑定。",
      ],
      falsePositives:
        "允许绑定的账号：请将 `logon.personalDingTalk` 设为 `allowed`；绑定属于 `AasSub` 事件，目前尚未接收",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || practicesOf(settings).logon.personalDingTalk === "allowed") return compliant;
    if (before.known && before.state.kind !== "gone") return compliant;
    if (!before.known)
      return undetermined({
        en: `whether a personal DingTalk account was bound to user \`${subject.userName}\` before is not known`,
        "zh-CN": `不知道用户 \`${subject.userName}\` 之前是否绑定了个人钉钉`,
      });
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` bound a personal DingTalk account to user \`${subject.userName}\`, which the settings forbid`,
        "zh-CN": `\`${maker}\` 为用户 \`${subject.userName}\` 绑定了个人钉钉，而设置禁止这样做`,
      },
      { user: subject.userName, maker },
    );
  },
});
