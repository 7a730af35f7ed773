import { compliant } from "../domain/finding.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A user who can log on lost the second factor: a password alone opens the logon. */
export const mfaRemoved = defineRule({
  id: "RAM.MfaRemoved",
  control: "RAM-MFA-001",
  severity: "high",
  maturity: "stable",
  subject: "login",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: {
    cis: ["1.4"],
    cloudConfig: ["ram-user-mfa-check", "ram-user-mfa-check-v2"],
    attack: ["T1556.006"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-unbindmfadevice"],
  text: {
    en: {
      title: "MFA device removed from a console user",
      rationale:
        "the second factor is what a stolen password does not open; only its owner can bind one again, and until then anybody with the password logs on",
      runbook: [
        "Ask the user within 10 minutes whether they are changing their device; if so, wait until a new one is bound.",
        "Look at `ConsoleSignin` events of the user since `eventTime`, and at who made the call (`userIdentity`): one by somebody else is an attack until shown otherwise.",
        "Open the logon with `warden undo <incident>` once the user is at hand to bind a device.",
      ],
      falsePositives: "a lost phone; name the help desk that unbinds devices under `provisioners`",
    },
    "zh-CN": {
      title: "解绑 MFA 设备",
      rationale: "被盗密码打不开的正是第二因素；只有本人能重新绑定，在此之前任何持有密码者都能登录",
      runbook: [
        "10 分钟内向该用户确认是否正在更换设备；若是，等待新设备绑定。",
        "查看该用户自 `eventTime` 以来的 `ConsoleSignin` 事件以及调用者（`userIdentity`）：若为他人操作，应先视为攻击。",
        "待该用户可以绑定设备时，用 `warden undo <incident>` 重新打开登录。",
      ],
      falsePositives: "手机丢失；请将负责解绑设备的服务台登记到 `provisioners`",
    },
  },
  judge: ({ after, actor, subject, unseen = [] }, { settings }) => {
    if (!unseen.includes("second-factor")) return compliant;
    if (after.kind === "gone" || after.status === "Inactive" || isDeclared(actor, settings)) return compliant;
    const maker = makerOf(actor);
    const own = isUserItself(actor, subject.userName, settings);
    return violation(
      {
        en: `\`${maker}\` took the MFA device from user \`${subject.userName}\`, whose console logon is in use`,
        "zh-CN": `\`${maker}\` 解绑了用户 \`${subject.userName}\` 的 MFA 设备，而其控制台登录处于启用状态`,
      },
      { user: subject.userName, maker, own: String(own) },
    );
  },
});
