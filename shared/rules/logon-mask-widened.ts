import { compliant } from "../domain/finding.ts";
import { masksAdmitMore } from "../policy/network-masks.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** Users may log on to the console from addresses that were shut out before. */
export const logonMaskWidened = defineRule({
  id: "RAM.LogonMaskWidened",
  control: "RAM-SET-003",
  severity: "high",
  maturity: "stable",
  subject: "security-preference",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { attack: ["T1556.009"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Logon network mask removed or widened",
      rationale: "the mask keeps a stolen password from being used from anywhere; an empty one lets the whole world in",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour why; note their `sourceIpAddress`, which may be the one that was let in.",
        "Look at `ConsoleSignin` events between `eventTime` and the revert from addresses outside the former mask.",
        "If the addresses are wanted, put the change back with `warden undo <incident>`; check that the break-glass address is inside the mask.",
      ],
      falsePositives: "a new office or gateway; set the rule to `ask` for the time of the change",
    },
    "zh-CN": {
      title: "登录掩码被移除或放宽",
      rationale: "登录掩码使被盗密码无法从任意地点使用；空掩码等于向全世界开放",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认原因；记下其 `sourceIpAddress`，它可能正是被放行的地址。",
        "查看 `eventTime` 至恢复之间来自原掩码之外地址的 `ConsoleSignin` 事件。",
        "若确需这些地址，用 `warden undo <incident>` 恢复变更；并确认应急地址在掩码之内。",
      ],
      falsePositives: "新增办公地点或网关；请在变更期间将规则设为 `ask`",
    },
  },
  judge: ({ before, after, actor }, { settings }) => {
    if (after.kind === "gone") return compliant;
    const to = String(after.fields.LoginNetworkMasks ?? "");
    if (!before.known || before.state.kind === "gone")
      return isDeclared(actor, settings)
        ? compliant
        : undetermined({
            en: "which addresses could log on before is not known, so whether more can now is not either",
            "zh-CN": "不知道之前允许哪些地址登录，因此也不知道范围是否扩大",
          });
    const from = String(before.state.fields.LoginNetworkMasks ?? "");
    const more = from === to ? false : masksAdmitMore(from, to);
    if (more === undefined)
      return undetermined({
        en: `the logon mask \`${from}\` or \`${to}\` cannot be read, so which addresses it lets in is not known`,
        "zh-CN": `无法解析登录掩码 \`${from}\` 或 \`${to}\`，因此不知道它允许哪些地址`,
      });
    if (!more) return compliant;
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` changed the logon mask from \`${from}\` to \`${to === "" ? "none" : to}\`, which lets in more addresses`,
        "zh-CN": `\`${maker}\` 将登录掩码由 \`${from}\` 改为 \`${to === "" ? "无" : to}\`，允许了更多地址`,
      },
      { maker, from, to },
    );
  },
});
