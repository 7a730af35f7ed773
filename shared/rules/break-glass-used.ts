import { subjectText } from "../domain/kinds.ts";
import { actorIsOneOf, isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** An identity that is kept for emergencies made a change: there is one, or somebody has got hold of it. */
export const breakGlassUsed = defineRule({
  id: "RAM.BreakGlassUsed",
  control: "RAM-AUTH-003",
  severity: "high",
  maturity: "stable",
  subject: "any",
  response: "alert",
  responses: ["alert", "off"],
  advisory: true,
  // A pipeline that is protected as well works every day.
  ofActor: (actor, settings) =>
    actorIsOneOf(actor, settings.protected ?? [], settings.accountId) && !isDeclared(actor, settings),
  controls: { cis: ["1.1 (supports)"], attack: ["T1078.004"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  text: {
    en: {
      title: "Break-glass identity used",
      rationale:
        "an identity that is kept for emergencies has the rights for all of them and is never missed: its use is either the emergency that everybody should know of, or a theft",
      runbook: [
        "Ask whoever is on duty at once whether there is an emergency and who opened the seal; if nobody knows, disable its logon and keys.",
        "Go through all that it changed between the first and the last `eventTime` within the day: LookupEvents by its name.",
        "Afterwards change its password and keys, and seal them again.",
      ],
      falsePositives:
        "a protected identity that works every day; name it under `pipelines` or `provisioners`, which it then is",
    },
    "zh-CN": {
      title: "应急账号被使用",
      rationale:
        "应急身份拥有处理一切紧急情况的权限，且平时无人关注：其使用要么是所有人都应知道的紧急情况，要么是被盗用",
      runbook: [
        "立即向值班人员确认是否存在紧急情况以及由谁启用；若无人知晓，禁用其登录和密钥。",
        "一天内检查其在首个与最后一个 `eventTime` 之间的全部变更：按名称使用 LookupEvents。",
        "事后更换其密码和密钥，并重新封存。",
      ],
      falsePositives: "每天工作的受保护身份；请将其登记到 `pipelines` 或 `provisioners`",
    },
  },
  judge: ({ subject, actor }) => {
    const [what, maker] = [subjectText(subject), makerOf(actor)];
    return violation(
      {
        en: `\`${maker}\`, which the settings protect and which is no declared pipeline, changed the \`${what}\``,
        "zh-CN": `设置中受保护且不是流水线的 \`${maker}\` 更改了 \`${what}\``,
      },
      { maker, subject: what },
    );
  },
});
