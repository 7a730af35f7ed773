import { isSameState } from "../domain/digest.ts";
import { compliant } from "../domain/finding.ts";
import { actorText } from "../domain/identity.ts";
import { subjectText } from "../domain/kinds.ts";
import { documentForm } from "../policy/canonical.ts";
import { actorIsOneOf } from "./kit/actors.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** Any change of anything, by anybody but the pipelines that the settings declare: for accounts that are kept as code. */
export const changeOutsidePipeline = defineRule({
  id: "RAM.ChangeOutsidePipeline",
  control: "RAM-OWN-001",
  severity: "medium",
  maturity: "stable",
  subject: "any",
  response: "off",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { attack: ["T1562"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  text: {
    en: {
      title: "Change made outside the declared pipelines",
      rationale:
        "an account whose identities are kept as code changes through its pipelines only; whatever comes by another way is a mistake or an attack, and the next run of the pipeline meets a state that nobody wrote down",
      runbook: [
        "Ask whoever made the change (`userIdentity` of the event) within the hour what it is for; if they do not know of it, treat their credentials as taken.",
        "If the change is wanted, write it into the pipeline's source and let the pipeline make it.",
        "Look at what else the same actor did within 24 hours: LookupEvents by the user's name, writes only.",
      ],
      falsePositives: "work by hand in an emergency; set the rule to `alert` or `ask` where that is part of the plan",
    },
    "zh-CN": {
      title: "在已声明的流水线之外进行的变更",
      rationale:
        "以代码管理身份的账号只应通过流水线变更；其他途径的变更不是失误就是攻击，而且下一次流水线运行会遇到无人记录的状态",
      runbook: [
        "一小时内向变更者（事件的 `userIdentity`）确认用途；若其不知情，视其凭证已泄露。",
        "若变更确有需要，请写入流水线的源代码，由流水线执行。",
        "用 LookupEvents 按用户名查询同一操作者 24 小时内的其他写操作。",
      ],
      falsePositives: "紧急情况下的手工操作；若这属于预案，请将规则设为 `alert` 或 `ask`",
    },
  },
  judge: ({ subject, before, after, actor, unseen = [] }, { settings }) => {
    if (actor !== undefined && actorIsOneOf(actor, settings.pipelines, settings.accountId)) return compliant;
    const sameAsBefore = before.known && isSameState(before.state, after, documentForm);
    if (sameAsBefore && unseen.length === 0) return compliant;
    const maker = actor === undefined ? "somebody unknown" : actorText(actor);
    const what = subjectText(subject);
    return violation(
      {
        en: `\`${maker}\` changed the \`${what}\`, and is none of the pipelines that the settings declare`,
        "zh-CN": `\`${maker}\` 更改了 \`${what}\`，且不属于设置中声明的任何流水线`,
      },
      { maker, subject: what },
    );
  },
});
