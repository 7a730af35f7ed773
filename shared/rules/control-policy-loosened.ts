import type { Change } from "../domain/change.ts";
import type { Bilingual, Verdict } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { compareDocuments } from "../policy/compare.ts";
import { requestText } from "../policy/request-text.ts";
import { makerOf } from "./kit/actors.ts";
import { guardLost, mayDeny } from "./kit/guards.ts";
import type { Facts } from "./kit/rule.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

type Kind = "control-policy" | "control-policy-attachment" | "control-policy-switch" | "member-account";

/** Whether the accounts bound by the texts may do something that they could not: by a wider Allow, or a Deny that is gone. */
const loosened = (before: readonly string[], after: readonly string[], what: Bilingual, maker: string): Verdict => {
  const answers = [
    guardLost(before, after),
    ...(after.length === 0 ? [] : [compareDocuments(before, after, { kind: "permission" })]),
  ];
  const found = answers.find(({ result, exact, witness }) => result === "new-access" && exact && witness !== undefined);
  if (found?.witness !== undefined) {
    const request = requestText(found.witness);
    return violation(
      {
        en: `\`${maker}\` loosened ${what.en}: member accounts may do \`${request}\` as far as it goes, and could not before`,
        "zh-CN": `\`${maker}\` 放宽了${what["zh-CN"]}：成员账号现在可以执行此前不能执行的 \`${request}\``,
      },
      { maker, what: what.en, request },
    );
  }
  if (answers.every(({ result, exact }) => result === "no-new-access" && exact)) return compliant;
  return undetermined({
    en: `\`${maker}\` changed ${what.en}, and whether it binds less by that could not be decided exactly`,
    "zh-CN": `\`${maker}\` 更改了${what["zh-CN"]}，但无法准确判定其约束是否减弱`,
  });
};

const notKnown = (what: Bilingual, maker: string): Verdict =>
  undetermined({
    en: `\`${maker}\` changed ${what.en}; what it forbade before is not known`,
    "zh-CN": `\`${maker}\` 更改了${what["zh-CN"]}；不知道其之前禁止什么`,
  });

const ofPolicy = ({ subject, before, after, actor }: Change<"control-policy">): Verdict => {
  const [maker, name] = [makerOf(actor), subject.policyName ?? subject.policyId];
  const what: Bilingual = { en: `control policy \`${name}\``, "zh-CN": `管控策略 \`${name}\`` };
  if (!before.known) return notKnown(what, maker);
  if (before.state.kind === "gone") return compliant;
  return loosened([before.state.document], after.kind === "gone" ? [] : [after.document], what, maker);
};

const ofAttachment = (change: Change<"control-policy-attachment">, { policyDocument }: Facts): Verdict => {
  const { subject, before, after, actor } = change;
  if (after.kind !== "gone" || (before.known && before.state.kind === "gone")) return compliant;
  const { policyId, targetId } = subject;
  const maker = makerOf(actor);
  const what: Bilingual = {
    en: `control policy \`${policyId}\` on \`${targetId}\``,
    "zh-CN": `目标 \`${targetId}\` 上的管控策略 \`${policyId}\``,
  };
  if (policyDocument === undefined) return notKnown(what, maker);
  return mayDeny([policyDocument]) ? loosened([policyDocument], [], what, maker) : compliant;
};

const ofSwitch = ({ before, after, actor }: Change<"control-policy-switch">): Verdict => {
  if (after.kind === "gone" || after.status === "Enabled") return compliant;
  if (before.known && before.state.kind !== "gone" && before.state.status === "Disabled") return compliant;
  const maker = makerOf(actor);
  return violation(
    {
      en: `\`${maker}\` switched control policies off for the whole resource directory`,
      "zh-CN": `\`${maker}\` 关闭了整个资源目录的管控策略`,
    },
    { maker, what: "control policies" },
  );
};

const ofMember = ({ subject, before, after, actor }: Change<"member-account">): Verdict => {
  const { memberId } = subject;
  const [maker, what] = [makerOf(actor), `member account \`${memberId}\``];
  if (before.known && before.state.kind === "gone") return compliant;
  if (after.kind === "gone")
    return violation(
      {
        en: `\`${maker}\` took ${what} out of the resource directory: no control policy binds it any more`,
        "zh-CN": `\`${maker}\` 将成员账号 \`${memberId}\` 移出资源目录：任何管控策略都不再约束它`,
      },
      { maker, what },
    );
  if (before.known && before.state.kind !== "gone" && before.state.folderId === after.folderId) return compliant;
  return undetermined({
    en: `\`${maker}\` moved ${what} to folder \`${after.folderId}\`; which control policies bind it there, and which did before, was not compared`,
    "zh-CN": `\`${maker}\` 将成员账号 \`${memberId}\` 移至文件夹 \`${after.folderId}\`；尚未比较移动前后约束它的管控策略`,
  });
};

/** Guard-rails of whole accounts are gone or weaker. */
export const controlPolicyLoosened = defineRule<Kind>({
  id: "RAM.ControlPolicyLoosened",
  control: "RAM-POL-016",
  severity: "critical",
  maturity: "stable",
  subject: ["control-policy", "control-policy-attachment", "control-policy-switch", "member-account"],
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1562", "T1484"] },
  references: [
    "https://www.alibabacloud.com/help/en/resource-management/resource-directory/user-guide/overview-of-control-policies",
  ],
  needs: ["policyDocument"],
  text: {
    en: {
      title: "Control policy of the resource directory loosened",
      rationale:
        "control policies bind even the administrators of member accounts; without them each account is as safe as its weakest identity",
      runbook: [
        "Find out within the hour which member accounts the policy bound: ListTargetAttachmentsForControlPolicy, and the folders above them.",
        "Look at what these accounts did since `eventTime` that was forbidden before (`facts.request`).",
        "If the guard-rail is wanted, approve the plan after a look at whom it binds: it can lock people out.",
      ],
      falsePositives: "a planned change of the organisation; reject the plan once it is done",
    },
    "zh-CN": {
      title: "资源目录管控策略被放宽",
      rationale: "管控策略连成员账号的管理员也能约束；没有它们，每个账号的安全取决于其最弱的身份",
      runbook: [
        "一小时内查明该策略约束了哪些成员账号：ListTargetAttachmentsForControlPolicy，以及其上级文件夹。",
        "查看这些账号自 `eventTime` 以来执行的此前被禁止的操作（`facts.request`）。",
        "若确需该护栏，请确认其约束对象后再批准方案：它可能将人员锁在外面。",
      ],
      falsePositives: "计划内的组织调整；完成后请拒绝该方案",
    },
  },
  judge: (change, facts) => {
    switch (change.kind) {
      case "control-policy":
        return ofPolicy(change);
      case "control-policy-attachment":
        return ofAttachment(change, facts);
      case "control-policy-switch":
        return ofSwitch(change);
      case "member-account":
        return ofMember(change);
    }
  },
});
