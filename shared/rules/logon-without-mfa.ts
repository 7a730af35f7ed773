import { compliant } from "../domain/finding.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { cameIntoUse } from "./kit/logins.ts";
import { defineRule, mendable, undetermined } from "./kit/rule.ts";

/** A console logon that asks for no second factor, in an account that does not ask everybody for one. */
export const logonWithoutMfa = defineRule({
  id: "RAM.LogonWithoutMfa",
  control: "RAM-MFA-002",
  severity: "medium",
  maturity: "stable",
  subject: "login",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.4"], cloudConfig: ["ram-user-mfa-check"], attack: ["T1556.006"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createloginprofile"],
  needs: ["mfaForAll"],
  text: {
    en: {
      title: "Console logon created without mandatory MFA",
      rationale: "a logon that asks for a password alone is open to whoever guesses, buys or phishes it",
      runbook: [
        "Nothing is lost: the logon keeps its password, and the user is asked to bind a device at the next logon; tell them within the day.",
        "Look at `ConsoleSignin` events of the user between `eventTime` and the revert: those were made with a password alone.",
        "Have whatever makes logons (`userIdentity`) set `MFABindRequired`, or ask everybody for MFA (`MFAOperationForLogin`).",
      ],
      falsePositives: "a user who logs on through single sign-on only and has no password to use",
    },
    "zh-CN": {
      title: "启用登录时未强制 MFA",
      rationale: "只需密码的登录，对任何猜到、买到或钓到密码的人都是敞开的",
      runbook: [
        "不会丢失任何内容：密码保持不变，用户下次登录时需绑定设备；请在一天内告知该用户。",
        "查看该用户自 `eventTime` 至恢复之间的 `ConsoleSignin` 事件：这些登录仅使用了密码。",
        "让创建登录的身份（`userIdentity`）设置 `MFABindRequired`，或对所有用户要求 MFA（`MFAOperationForLogin`）。",
      ],
      falsePositives: "只通过单点登录、没有可用密码的用户",
    },
  },
  judge: (change, { settings, mfaForAll }) => {
    const { before, after, actor, subject } = change;
    const how = cameIntoUse(change);
    if (after.kind === "gone" || how === "not in use" || after.mfaBindRequired || mfaForAll === true) return compliant;
    if (how === "as before" && before.known && before.state.kind === "login" && !before.state.mfaBindRequired)
      return compliant;
    if (how === "not known")
      // Neither a declared hand nor the user's own takes a demand away that nobody knows of.
      return isDeclared(actor, settings) || isUserItself(actor, subject.userName, settings)
        ? compliant
        : undetermined({
            en: `whether the logon of user \`${subject.userName}\` asked for a second factor before is not known`,
            "zh-CN": `不知道用户 \`${subject.userName}\` 的登录之前是否要求第二因素`,
          });
    if (mfaForAll === undefined)
      return undetermined({
        en: `whether the account asks everybody for a second factor was not read, and the logon of user \`${subject.userName}\` does not`,
        "zh-CN": `未能读取账号是否对所有用户要求第二因素，而用户 \`${subject.userName}\` 的登录未要求`,
      });
    const maker = makerOf(actor);
    return mendable(
      "demand-second-factor",
      {
        en: `\`${maker}\` opened a console logon of user \`${subject.userName}\` that asks for no second factor`,
        "zh-CN": `\`${maker}\` 为用户 \`${subject.userName}\` 开启了不要求第二因素的控制台登录`,
      },
      { user: subject.userName, maker },
    );
  },
});
