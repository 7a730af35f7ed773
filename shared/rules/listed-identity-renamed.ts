import { compliant } from "../domain/finding.ts";
import type { Principal } from "../domain/identity.ts";
import { hasWildcard, standsFor } from "../domain/name-pattern.ts";
import { makerOf } from "./kit/actors.ts";
import { namesOver } from "./kit/renamed.ts";
import type { Facts } from "./kit/rule.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A user or a group that the settings name got another name, or another one got a name that they give. */
export const listedIdentityRenamed = defineRule({
  id: "RAM.ListedIdentityRenamed",
  control: "RAM-GRP-006",
  severity: "high",
  maturity: "stable",
  subject: ["user", "group"],
  needs: ["exempt"],
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { attack: ["T1036"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-updateuser",
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-updategroup",
  ],
  text: {
    en: {
      title: "Identity renamed past a name-based list",
      rationale:
        "the settings know identities by their names: one that takes a listed name is trusted like the former bearer, and one that gives it up is not spared any more",
      runbook: [
        "Ask whoever renamed it (`userIdentity` of the event) within the hour why; if they do not know of it, treat their credentials as taken.",
        "Look what the renamed identity did since `eventTime`: LookupEvents with `ResourceName` set to each of its two names.",
        "Give it its former name, or name it anew in `protected`, `provisioners`, `pipelines` and `trusted.entities`.",
      ],
      falsePositives: "a planned renaming; change the settings in the same hour",
    },
    "zh-CN": {
      title: "通过改名绕过名单",
      rationale: "设置按名称识别身份：改用名单中名称者会获得原身份的信任，放弃名单中名称者则不再受保护",
      runbook: [
        "一小时内向改名者（事件的 `userIdentity`）确认原因；若其不知情，视其凭证已泄露。",
        "用 LookupEvents 以 `ResourceName` 分别查询其新旧两个名称自 `eventTime` 以来的操作。",
        "恢复原名，或在 `protected`、`provisioners`、`pipelines` 与 `trusted.entities` 中更新名称。",
      ],
      falsePositives: "计划内的改名；请在同一小时内更新设置",
    },
  },
  judge: (change, facts) => {
    const names = namesOver(change);
    // One that is new under a listed name is judged by who made it: this rule is about names that move.
    if (names?.from === undefined || names.from === names.to) return compliant;
    const { from, to } = names;
    const kind = change.kind;
    const lists = [...new Set([...listsWith({ kind, name: from }, facts), ...listsWith({ kind, name: to }, facts)])];
    if (lists.length === 0) return compliant;
    const maker = makerOf(change.actor);
    const named = lists.map((list) => `\`${list}\``).join(", ");
    return violation(
      {
        en: `\`${maker}\` renamed the ${kind} \`${from}\` to \`${to}\`, and one of the names is on ${named}`,
        "zh-CN": `\`${maker}\` 将${kind === "user" ? "用户" : "用户组"} \`${from}\` 改名为 \`${to}\`，其中一个名称在 ${named} 中`,
      },
      { from, to, maker, lists: lists.join(", ") },
    );
  },
});

const listsWith = (identity: Principal, { settings, exempt }: Facts): readonly string[] => {
  const holds = (list: readonly Principal[]): boolean =>
    list.some(({ kind, name }) => kind === identity.kind && name === identity.name);
  const arn = `acs:ram::${settings.accountId}:${identity.kind}/${identity.name}`;
  const isExempt =
    exempt?.actors.some((pattern) => standsFor(pattern, `${identity.kind}/${identity.name}`)) === true ||
    exempt?.subjects.some((pattern) => isAbout(pattern, identity)) === true;
  return [
    ...(holds(settings.protected ?? []) ? ["protected"] : []),
    ...(holds(settings.provisioners) ? ["provisioners"] : []),
    ...(holds(settings.pipelines) ? ["pipelines"] : []),
    ...(settings.trusted.entities.includes(arn) ? ["trusted.entities"] : []),
    ...(isExempt ? ["exemptions"] : []),
  ];
};

/** Whether a pattern of subjects names an identity, at least in part: one that stands for every name names none. */
const isAbout = (pattern: string, { kind, name }: Principal): boolean => {
  const [of, ...segments] = pattern.split("/");
  const [holder = ""] = segments;
  if (of === "grant" && segments.length > 1 && !hasWildcard(holder) && holder !== kind) return false;
  return segments.some((segment) => /[\p{L}\p{N}]/u.test(segment) && standsFor(segment, name));
};
