import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { RuleSettings } from "../domain/settings.ts";
import type { RoleTrust } from "../domain/subject.ts";
import type { LetIn } from "../policy/trust-entities.ts";
import { entityFacts, entityKey, entityText, trustEntities } from "../policy/trust-entities.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { isForeign, isTrusted, isUntouched, unreadable } from "./kit/trust.ts";

/** Whom a role lets in from another account by the settings' leave; of anybody else a rule of its own tells. */
const lentTo = (document: string, settings: RuleSettings) => {
  const entries = trustEntities(document);
  return entries.ok
    ? entries.value.filter(({ entity }) => isForeign(entity, settings.accountId) && isTrusted(entity, settings))
    : [];
};

const asksForExternalId = ({ allowed }: LetIn): boolean =>
  allowed.conditions.some(
    ({ key, negated, ifExists }) => key.toLowerCase() === "sts:externalid" && !negated && !ifExists,
  );

/** What keeps access from being taken back quickly, and from being taken on by others of that account. */
const flawsOf = ({ document, maxSessionSeconds }: RoleTrust, settings: RuleSettings): ReadonlyMap<string, Evidence> => {
  const limit = practicesOf(settings).longestSession.human;
  const flaws = new Map<string, Evidence>();
  for (const entry of lentTo(document, settings)) {
    const [text, facts] = [entityText(entry.entity), entityFacts(entry.entity)];
    // An account as a whole is many people; one user or role of it is the one that is meant.
    if (entry.entity.kind === "account" && !asksForExternalId(entry))
      flaws.set(`${entityKey(entry.entity)} external id`, {
        sentence: {
          en: `the role lets in ${text.en} without asking for an \`sts:ExternalId\``,
          "zh-CN": `该角色允许 ${text["zh-CN"]} 进入，且未要求 \`sts:ExternalId\``,
        },
        facts: { ...facts, without: "sts:ExternalId" },
      });
    if (maxSessionSeconds > limit)
      flaws.set(`${entityKey(entry.entity)} session`, {
        sentence: {
          en: `${text.en} may keep a session of the role for ${maxSessionSeconds} s, above ${limit} s: until it ends, access that was taken back goes on`,
          "zh-CN": `${text["zh-CN"]} 可保持该角色的会话 ${maxSessionSeconds} 秒，超过 ${limit} 秒：在会话结束前，已撤销的访问仍然有效`,
        },
        facts: { ...facts, seconds: String(maxSessionSeconds), limit: String(limit) },
      });
  }
  return flaws;
};

/** Access of another account that nobody can take back within the hour, or that all of that account has. */
export const lentRoleHardToRevoke = defineRule({
  id: "RAM.LentRoleHardToRevoke",
  control: "RAM-ROLE-012",
  severity: "medium",
  maturity: "stable",
  subject: "role-trust",
  response: "alert",
  responses: ["alert", "off"],
  advisory: true,
  controls: { attack: ["T1199"] },
  references: [
    "https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role",
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-updaterole",
  ],
  text: {
    en: {
      title: "Cross-account access not revocable quickly",
      rationale:
        "access that is lent must end when it is taken back: a long session lives on after the trust is gone, and without an external id anybody of the other account gets in, a deputy of theirs that serves others included",
      runbook: [
        "Ask the other account within the week whether an hour's session will do, and agree on an external id.",
        "Set `MaxSessionDuration` to 3600 and add the condition `sts:ExternalId` in one `UpdateRole`.",
      ],
      falsePositives: "an account of the same company; name its one role in the trust policy instead of `:root`",
    },
    "zh-CN": {
      title: "跨账号访问缺少可撤销手段",
      rationale:
        "借出的访问在收回时必须终止：信任撤销后长会话仍然有效；没有外部 ID，对方账号中的任何人（包括为他人服务的代理）都可进入",
      runbook: [
        "一周内与对方账号确认一小时的会话是否足够，并约定外部 ID。",
        "在一次 `UpdateRole` 中将 `MaxSessionDuration` 设为 3600，并添加 `sts:ExternalId` 条件。",
      ],
      falsePositives: "同一公司的账号；请在信任策略中写明具体角色，而非 `:root`",
    },
  },
  judge: ({ subject, before, after }, { settings }) => {
    if (after.kind === "gone" || after.serviceLinked) return compliant;
    const readable = trustEntities(after.document);
    if (!readable.ok) return isUntouched(subject, before) ? compliant : unreadable(readable.error);
    const now = flawsOf(after, settings);
    if (now.size === 0) return compliant;
    if (!before.known)
      return undetermined({
        en: `role \`${subject.roleName}\` is lent to another account in a way that is hard to take back; whether that is new is not known (${before.because})`,
        "zh-CN": `角色 \`${subject.roleName}\` 以难以撤销的方式借给其他账号；不知道这是否为新的变更`,
      });
    const then = before.state.kind === "gone" ? new Map<string, Evidence>() : flawsOf(before.state, settings);
    const [first, ...others] = [...now].filter(([flaw]) => !then.has(flaw)).map(([, evidence]) => evidence);
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
