import { compliant } from "../domain/finding.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** Somebody bound a second factor to another user: the codes of that user are in their hands. */
export const factorBoundByAnother = defineRule({
  id: "RAM.FactorBoundByAnother",
  control: "RAM-MFA-004",
  severity: "high",
  maturity: "stable",
  subject: "mfa",
  response: "alert",
  responses: ["ask", "alert", "off"],
  controls: { cis: ["1.4 (supports)"], attack: ["T1556.006", "T1098.005"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-bindmfadevice"],
  text: {
    en: {
      title: "Second factor enrolled by someone else",
      rationale:
        "to bind a device takes two of its codes, so whoever binds it has it: the user's second factor is theirs",
      runbook: [
        "Ask the user within the hour whether the device (`SerialNumber`) is theirs; if not, set the logon Inactive.",
        "Look for `UpdateLoginProfile` and `UnbindMFADevice` on the same user within 60 minutes before `eventTime`.",
        "If it is wanted, name the help desk that enrols devices under `provisioners`.",
      ],
      falsePositives: "a help desk that enrols devices; name it under `provisioners`",
    },
    "zh-CN": {
      title: "由他人绑定 MFA 设备",
      rationale: "绑定设备需要其两个验证码，因此绑定者持有该设备：用户的第二因素落入他人之手",
      runbook: [
        "一小时内向该用户确认设备（`SerialNumber`）是否属于本人；若不是，请禁用其登录。",
        "查找 `eventTime` 之前 60 分钟内针对同一用户的 `UpdateLoginProfile` 与 `UnbindMFADevice`。",
        "若确有需要，请将负责绑定设备的服务台登记到 `provisioners`。",
      ],
      falsePositives: "由服务台绑定设备；请将其登记到 `provisioners`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone") return compliant;
    if (before.known && before.state.kind !== "gone" && before.state.serialNumber === after.serialNumber)
      return compliant;
    if (isDeclared(actor, settings) || isUserItself(actor, subject.userName, settings)) return compliant;
    if (actor === undefined || !before.known)
      return undetermined({
        en: `who bound MFA device \`${after.serialNumber}\` to user \`${subject.userName}\`, and whether it is new, is not known`,
        "zh-CN": `不知道 MFA 设备 \`${after.serialNumber}\` 由谁绑定到用户 \`${subject.userName}\`，以及是否为新绑定`,
      });
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` bound MFA device \`${after.serialNumber}\` to user \`${subject.userName}\``,
        "zh-CN": `\`${maker}\` 将 MFA 设备 \`${after.serialNumber}\` 绑定到用户 \`${subject.userName}\``,
      },
      { user: subject.userName, serialNumber: after.serialNumber, maker },
    );
  },
});
