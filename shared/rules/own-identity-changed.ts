import type { Change } from "../domain/change.ts";
import { digest } from "../domain/digest.ts";
import { compliant } from "../domain/finding.ts";
import { subjectText } from "../domain/kinds.ts";
import { documentForm } from "../policy/canonical.ts";
import { actorIsOneOf, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

const isOneOf = (name: string, names: readonly string[]): boolean =>
  names.some((one) => one.toLowerCase() === name.toLowerCase());

/** Whether a change is of a role that RAM Warden works with, of a policy of one, or of what one holds. */
const isOwn = ({ subject }: Change<"role-trust" | "grant" | "policy">, own: readonly string[]): boolean => {
  switch (subject.kind) {
    case "role-trust":
      return isOneOf(subject.roleName, own);
    case "grant":
      return subject.principal.kind === "role" && isOneOf(subject.principal.name, own);
    case "policy":
      // The policies of our own roles bear their names (functions/roles).
      return own.includes(subject.policyName);
  }
};

/** Somebody touches the roles, the policies or the grants that RAM Warden itself works with: how a guard is put to sleep. */
export const ownIdentityChanged = defineRule({
  id: "RAM.OwnIdentityChanged",
  control: "RAM-PROT-001",
  severity: "critical",
  maturity: "stable",
  subject: ["role-trust", "grant", "policy"],
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { cis: ["2.10 (supports)"], attack: ["T1562", "T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  text: {
    en: {
      title: "RAM Warden's own role, policy or attachment changed",
      rationale:
        "who narrows the guard's rights blinds it, and who widens them borrows its power: either comes first in a careful attack",
      runbook: [
        "Run `warden doctor` at once: it proves whether the guard can still see, act and tell.",
        "Put the role and its policies back from the deployment (`functions/roles`) by its pipeline within the hour.",
        "Look at what the same `userIdentity` did in the 24 hours around `eventTime`: what was to go unseen.",
      ],
      falsePositives: "an upgrade of RAM Warden by hand; let the deployment's identity, named under `pipelines`, do it",
    },
    "zh-CN": {
      title: "本系统的角色、策略或授权被修改",
      rationale: "收窄守卫权限会使其失明，放宽其权限则可借用其能力：周密的攻击往往从这里开始",
      runbook: [
        "立即运行 `warden doctor`：确认守卫是否仍能查看、处置和通知。",
        "一小时内由流水线按部署内容（`functions/roles`）恢复角色及其策略。",
        "查看同一 `userIdentity` 在 `eventTime` 前后 24 小时内的操作：找出其想要掩盖的行为。",
      ],
      falsePositives: "人工升级 RAM Warden；请由登记在 `pipelines` 中的部署身份执行",
    },
  },
  judge: (change, { settings }) => {
    const { subject, before, after, actor } = change;
    if (!isOwn(change, settings.ownRoles ?? [])) return compliant;
    // A look of our own at how things stand is nobody's change.
    if (actor === undefined && (!before.known || before.state.kind === "gone")) return compliant;
    if (actor !== undefined && actorIsOneOf(actor, settings.pipelines, settings.accountId)) return compliant;
    if (before.known && digest(before.state, documentForm) === digest(after, documentForm)) return compliant;
    const [what, maker] = [subjectText(subject), makerOf(actor)];
    if (!before.known && after.kind !== "gone")
      return undetermined({
        en: `\`${maker}\` wrote to the \`${what}\`, which RAM Warden works with; what it was before is not known (${before.because})`,
        "zh-CN": `\`${maker}\` 写入了 RAM Warden 使用的 \`${what}\`；不知道其之前的状态`,
      });
    return violation(
      {
        en: `\`${maker}\` changed the \`${what}\`, which RAM Warden itself works with`,
        "zh-CN": `\`${maker}\` 更改了 RAM Warden 自身使用的 \`${what}\``,
      },
      { subject: what, maker },
    );
  },
});
