import { compliant } from "../domain/finding.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** Somebody changed the phone or the address by which another user proves to be who they are. */
export const verificationChangedForAnother = defineRule({
  id: "RAM.VerificationChangedForAnother",
  control: "RAM-USER-012",
  severity: "high",
  maturity: "stable",
  subject: "verification",
  response: "alert",
  responses: ["ask", "alert", "off"],
  controls: { cis: ["1.4 (supports)"], attack: ["T1556.006"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setverificationinfo"],
  text: {
    en: {
      title: "Verification phone or e-mail of another user changed",
      rationale: "whoever receives the codes of a user passes for that user wherever a code is asked for",
      runbook: [
        "Ask the user within the hour whether they asked for the change; a new number counts only once it is confirmed.",
        "Look for `UpdateLoginProfile` and `UnbindMFADevice` on the same user within the hour before and after `eventTime`.",
        "If it was not wanted, set the user's logon Inactive and bind the former number (`SetVerificationInfo`).",
      ],
      falsePositives: "a help desk; name it under `provisioners`",
    },
    "zh-CN": {
      title: "修改他人安全手机/邮箱",
      rationale: "能收到某用户验证码的人，在任何要求验证码之处都可冒充该用户",
      runbook: [
        "一小时内向该用户确认是否由其要求；新号码确认后才生效。",
        "查找 `eventTime` 前后一小时内针对同一用户的 `UpdateLoginProfile` 与 `UnbindMFADevice`。",
        "若并非所愿，请禁用该用户的登录，并重新绑定原号码（`SetVerificationInfo`）。",
      ],
      falsePositives: "服务台操作；请将其登记到 `provisioners`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (isDeclared(actor, settings) || isUserItself(actor, subject.userName, settings)) return compliant;
    const was = before.known ? (before.state.kind === "gone" ? "" : before.state.value) : undefined;
    if (was !== undefined && was === (after.kind === "gone" ? "" : after.value)) return compliant;
    if (actor === undefined)
      return undetermined({
        en: `no event says who changed what user \`${subject.userName}\` is verified by`,
        "zh-CN": `没有事件说明是谁修改了用户 \`${subject.userName}\` 的安全验证方式`,
      });
    const maker = makerOf(actor);
    const means = { sms: { en: "phone", "zh-CN": "手机" }, email: { en: "e-mail", "zh-CN": "邮箱" } }[subject.type];
    const done = after.kind === "gone" ? { en: "took", "zh-CN": "解绑" } : { en: "set", "zh-CN": "设置" };
    return violation(
      {
        en: `\`${maker}\` ${done.en} the verification ${means.en} of user \`${subject.userName}\``,
        "zh-CN": `\`${maker}\` ${done["zh-CN"]}了用户 \`${subject.userName}\` 的安全${means["zh-CN"]}`,
      },
      { user: subject.userName, maker, by: subject.type, now: after.kind === "gone" ? "unbound" : "bound" },
    );
  },
});
