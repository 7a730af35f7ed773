import { compliant } from "../domain/finding.ts";
import type { TrustEntity } from "../policy/trust-entities.ts";
import { madeBy, makerOf } from "./kit/actors.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";
import { readEntities, unreadable } from "./kit/trust.ts";

/** Whoever is neither a person nor lets persons in: its sessions are renewed without anybody's doing. */
const isAutomation = ({ kind }: TrustEntity): boolean =>
  kind === "service" || kind === "role" || kind === "oidc-provider";

/** The sessions of a role may last longer than the settings allow for who takes it on. */
export const sessionLengthRaised = defineRule({
  id: "RAM.SessionLengthRaised",
  control: "RAM-ROLE-006",
  severity: "medium",
  maturity: "stable",
  subject: "role-trust",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { attack: ["T1550.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-updaterole"],
  putsBack: "session length",
  text: {
    en: {
      title: "Maximum session duration raised",
      rationale:
        "a session cannot be ended before its time: the longer it may last, the longer stolen credentials and withdrawn trust go on working",
      runbook: [
        "Look for AssumeRole calls on the role since `eventTime` with a `DurationSeconds` above the limit: those sessions outlive the revert.",
        "Ask whoever changed the role (`userIdentity`) within the hour what needs longer sessions.",
        "If they are needed, raise `longestSession` in the settings first, for people or for automation.",
      ],
      falsePositives: "a long batch job; let it renew its session, or raise `longestSession.automation`",
    },
    "zh-CN": {
      title: "角色最大会话时长超限",
      rationale: "会话无法提前终止：允许的时长越长，被盗凭证和已撤销的信任继续有效的时间就越长",
      runbook: [
        "查询自 `eventTime` 以来 `DurationSeconds` 超过限制的 AssumeRole 调用：这些会话在恢复后仍然有效。",
        "一小时内向修改者（`userIdentity`）确认需要更长会话的原因。",
        "若确有需要，请先在设置中为人员或自动化提高 `longestSession`。",
      ],
      falsePositives: "长时间的批处理任务；请让其续期会话，或提高 `longestSession.automation`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || after.serviceLinked) return compliant;
    const now = after.maxSessionSeconds;
    const { human, automation } = practicesOf(settings).longestSession;
    if (now <= Math.min(human, automation)) return compliant;
    const then = before.known && before.state.kind !== "gone" ? before.state.maxSessionSeconds : undefined;
    if (then !== undefined && now <= then) return compliant;
    const entities = readEntities(after.document);
    if (!entities.ok) return unreadable(entities.error);
    const limit = entities.value.every(isAutomation) ? automation : human;
    if (now <= limit) return compliant;
    if (!before.known)
      return undetermined({
        en: `sessions of role \`${subject.roleName}\` may last ${now} s, above ${limit} s; whether that is new is not known (${before.because})`,
        "zh-CN": `角色 \`${subject.roleName}\` 的会话最长 ${now} 秒，超过 ${limit} 秒；不知道这是否为新的变更`,
      });
    const deed =
      actor === undefined
        ? {
            en: `sessions of role \`${subject.roleName}\` may last ${now} s`,
            "zh-CN": `角色 \`${subject.roleName}\` 的最大会话时长为 ${now} 秒`,
          }
        : {
            en: `\`${makerOf(actor)}\` let sessions of role \`${subject.roleName}\` last ${now} s`,
            "zh-CN": `\`${makerOf(actor)}\` 将角色 \`${subject.roleName}\` 的最大会话时长设为 ${now} 秒`,
          };
    return violation(
      {
        en: `${deed.en}, above the ${limit} s that the settings allow for those whom it trusts`,
        "zh-CN": `${deed["zh-CN"]}，超过设置允许的 ${limit} 秒`,
      },
      {
        role: subject.roleName,
        seconds: String(now),
        limit: String(limit),
        before: String(then ?? 0),
        ...madeBy(actor),
      },
    );
  },
});
