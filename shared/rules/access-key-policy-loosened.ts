import { compliant } from "../domain/finding.ts";
import { isKeyPolicyInForce, keyPolicyAdmitsMore, keyPolicyDirection } from "../policy/key-networks.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** An AccessKey may be used from networks that were shut out before. */
export const accessKeyPolicyLoosened = defineRule({
  id: "RAM.AccessKeyPolicyLoosened",
  control: "RAM-AK-008",
  severity: "high",
  maturity: "stable",
  subject: "key-policy",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { attack: ["T1556.009"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setaccesskeypolicy"],
  text: {
    en: {
      title: "AccessKey network policy removed or loosened",
      rationale: "the policy keeps a leaked key from working anywhere but in the company's networks",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour why; note their `sourceIpAddress`, which may be the one that was let in.",
        "Look what the key did between `eventTime` and the revert from addresses outside the former policy: LookupEvents with `EventAccessKeyId`.",
        "If the networks are wanted, put the change back with `warden undo <incident>`.",
      ],
      falsePositives: "a program that moved to another network; let the pipeline change the policy",
    },
    "zh-CN": {
      title: "AccessKey 网络访问策略被放宽",
      rationale: "网络访问策略使泄露的密钥无法在公司网络之外使用",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认原因；记下其 `sourceIpAddress`，它可能正是被放行的地址。",
        "用 LookupEvents 以 `EventAccessKeyId` 查询该密钥在 `eventTime` 至恢复之间来自原策略之外地址的调用。",
        "若确需这些网络，用 `warden undo <incident>` 恢复变更。",
      ],
      falsePositives: "程序迁移到其他网络；请由流水线修改该策略",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || isDeclared(actor, settings)) return compliant;
    const key = subject.accessKeyId;
    if (!before.known)
      return undetermined({
        en: `from where AccessKey \`${key}\` could be used before is not known`,
        "zh-CN": `不知道 AccessKey \`${key}\` 之前允许从哪里使用`,
      });
    if (before.state.kind === "gone") return compliant;
    const [from, to] = [before.state.document, after.document];
    const direction = keyPolicyDirection(from, to);
    if (direction === "neutral" || direction === "stricter") return compliant;
    if (direction === "unsure" && !keyPolicyAdmitsMore(from, to))
      return undetermined({
        en: `the network policy of AccessKey \`${key}\` cannot be read, so from where it can be used is not known`,
        "zh-CN": `无法解析 AccessKey \`${key}\` 的网络访问策略，因此不知道它允许从哪里使用`,
      });
    const maker = makerOf(actor);
    const user = subject.userName ?? "root";
    const off = !isKeyPolicyInForce(to);
    return violation(
      {
        en: `\`${maker}\` ${off ? "took the network policy off" : "widened the network policy of"} AccessKey \`${key}\` of user \`${user}\``,
        "zh-CN": `\`${maker}\` ${off ? "停用了" : "放宽了"}用户 \`${user}\` 的 AccessKey \`${key}\` 的网络访问策略`,
      },
      { user, accessKeyId: key, maker, inForce: String(!off) },
    );
  },
});
