import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { nameFlaw } from "./kit/name-flaw.ts";
import { classNotKnown } from "./kit/practices.ts";
import { namesOver } from "./kit/renamed.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A new or renamed user whose name does not say who is behind it, or says that it is somebody else. */
export const logonNameUnclear = defineRule({
  id: "RAM.LogonNameUnclear",
  control: "RAM-USER-002",
  severity: "low",
  maturity: "stable",
  subject: "user",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { attack: ["T1136.003", "T1036"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createuser"],
  text: {
    en: {
      title: "Logon name breaks the naming rule",
      rationale:
        "a name that anybody could have, or that looks like a protected one, hides its bearer in every list and every record",
      runbook: [
        "Look within the day whom the user is for (`userIdentity` of the event knows), and give it that person's or program's name.",
        "A name that looks like a protected one: compare the two users by `UserId`, and look what the new one did since `eventTime`.",
        "If the name is in order, add its pattern to `naming.users` or `naming.services`.",
      ],
      falsePositives: "a naming rule that `naming` in the settings does not tell yet",
    },
    "zh-CN": {
      title: "登录名不合规",
      rationale: "谁都可能使用的名称，或与受保护身份相似的名称，会让使用者在任何列表和记录中隐身",
      runbook: [
        "一天内查明该用户归谁使用（向事件的 `userIdentity` 确认），并改用该人员或程序的名称。",
        "若与受保护身份名称相似：按 `UserId` 比较两个用户，并查看新用户自 `eventTime` 以来的操作。",
        "若名称合规，请将其模式加入 `naming.users` 或 `naming.services`。",
      ],
      falsePositives: "设置的 `naming` 尚未写明的命名规则",
    },
  },
  needs: ["userTags"],
  judge: (change, { settings, userTags }) => {
    const names = namesOver(change);
    // A user of which nobody knows the former name, and no renaming is told of, bears the name that it bore.
    const isKnown = change.before.known || names?.from !== undefined;
    if (names === undefined || !isKnown || names.from === names.to) return compliant;
    const why = nameFlaw(names.to, settings, userTags);
    if (why === undefined) return compliant;
    if (why === "class not known") return undetermined(classNotKnown(names.to));
    const maker = makerOf(change.actor);
    return violation(
      {
        en: `\`${maker}\` gave a user the name \`${names.to}\`, which ${why.en}`,
        "zh-CN": `\`${maker}\` 将用户命名为 \`${names.to}\`：${why["zh-CN"]}`,
      },
      { user: names.to, maker, ...(names.from === undefined ? {} : { formerName: names.from }) },
    );
  },
});
