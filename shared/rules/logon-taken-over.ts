import { compliant } from "../domain/finding.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { cameIntoUse, mayHaveSwitchedOn } from "./kit/logins.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** Somebody set the password of another user, or switched another user's logon on again: they can log on as that user. */
export const logonTakenOver = defineRule({
  id: "RAM.LogonTakenOver",
  control: "RAM-USER-009",
  severity: "high",
  maturity: "stable",
  subject: "login",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: { attack: ["T1098", "T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-updateloginprofile"],
  text: {
    en: {
      title: "Another person's console password set or logon enabled again",
      rationale: "whoever sets a user's password can log on as that user from then on, with all that the user may do",
      runbook: [
        "Ask the user whose logon it is within the hour whether they asked for it; if not, treat the credentials of the caller (`userIdentity`) as taken.",
        "Look at `ConsoleSignin` events of that user between `eventTime` and the moment the logon was set Inactive.",
        "If the reset is wanted, open the logon with `warden undo <incident>` and name the help desk under `provisioners`.",
      ],
      falsePositives: "a help desk that resets passwords; name it under `provisioners`",
    },
    "zh-CN": {
      title: "重置他人登录密码或重新启用登录",
      rationale: "为他人设置密码者此后即可以该用户身份登录，并拥有其全部权限",
      runbook: [
        "一小时内向该用户确认是否由其要求重置；若不是，视调用者（`userIdentity`）的凭证已泄露。",
        "查看该用户自 `eventTime` 至登录被禁用之间的 `ConsoleSignin` 事件。",
        "若重置确有需要，用 `warden undo <incident>` 重新打开登录，并将服务台登记到 `provisioners`。",
      ],
      falsePositives: "由服务台重置密码；请将其登记到 `provisioners`",
    },
  },
  judge: (change, { settings }) => {
    const { after, actor, subject, unseen = [] } = change;
    const how = cameIntoUse(change);
    if (after.kind === "gone" || how === "not in use" || how === "new") return compliant;
    if (isDeclared(actor, settings) || isUserItself(actor, subject.userName, settings)) return compliant;
    const isSet = unseen.includes("password");
    if (how === "as before" && !isSet) return compliant;
    if (how === "not known" && !isSet)
      return mayHaveSwitchedOn(change)
        ? undetermined({
            en: `whether the logon of user \`${subject.userName}\` was in use before is not known, so whether it was switched on again is not either`,
            "zh-CN": `不知道用户 \`${subject.userName}\` 的登录之前是否启用，因此也不知道是否被重新启用`,
          })
        : compliant;
    if (actor === undefined)
      return undetermined({
        en: `no event says who opened the logon of user \`${subject.userName}\``,
        "zh-CN": `没有事件说明是谁打开了用户 \`${subject.userName}\` 的登录`,
      });
    const maker = makerOf(actor);
    return violation(
      isSet
        ? {
            en: `\`${maker}\` set the console password of user \`${subject.userName}\``,
            "zh-CN": `\`${maker}\` 设置了用户 \`${subject.userName}\` 的控制台登录密码`,
          }
        : {
            en: `\`${maker}\` switched the console logon of user \`${subject.userName}\` on again`,
            "zh-CN": `\`${maker}\` 重新启用了用户 \`${subject.userName}\` 的控制台登录`,
          },
      { user: subject.userName, maker, what: isSet ? "password" : "status" },
    );
  },
});
