import type { RecentChange } from "../domain/recent-change.ts";
import type { RuleSettings } from "../domain/settings.ts";
import { policyTiers, type Tier } from "../policy/tiers.ts";
import { isHighRiskName } from "../rules/kit/high-risk.ts";
import type { ChainFacts, ChainFound, ChainRule } from "./kit/chain.ts";
import {
  hourMs,
  isGrave,
  makersOf,
  minutesOf,
  opensWayIn,
  renaming,
  renamingsOf,
  together,
  userOf,
  windowsOf,
} from "./kit/pieces.ts";

/** A user that is made, can be logged on or called with, and administers the account, all within an hour. */
export const backdoorAdministrator: ChainRule = {
  id: "RAM.BackdoorAdministrator",
  control: "RAM-CHAIN-001",
  severity: "critical",
  maturity: "stable",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1136.003", "T1098.001", "T1098.003"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createuser",
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-attachpolicytouser",
  ],
  text: {
    en: {
      title: "Back-door administrator",
      rationale:
        "a user of one's own with a logon or a key and full administration is how whoever took an account over stays in it; each of the steps may pass for work",
      runbook: [
        "Treat the credentials of whoever made the user (`userIdentity` of the events) as taken: disable their keys and logon within minutes.",
        "Look at what the new user did between the first `eventTime` and the last write here: LookupEvents with `User` set to its name.",
        "Keep the user as evidence; when all is known, delete it. If it was wanted, take each write back with `warden undo`.",
      ],
      falsePositives:
        "a new administrator who is set up by hand; name whoever does so under `provisioners`, or grant the policy after an hour",
    },
    "zh-CN": {
      title: "后门管理员链",
      rationale: "自建用户、为其开启登录或密钥并授予完全管理权限，是入侵者留在账号中的方式；单看每一步都像正常工作",
      runbook: [
        "将创建者（事件的 `userIdentity`）的凭证视为已泄露：数分钟内禁用其密钥与登录。",
        "查看新用户自第一个 `eventTime` 至此处最后一次写入之间的操作：LookupEvents，`User` 设为其名称。",
        "保留该用户作为证据，查明后再删除；若确有需要，用 `warden undo` 逐一恢复。",
      ],
      falsePositives: "手工配置新管理员；请将执行者登记到 `provisioners`，或在一小时之后再授予策略",
    },
  },
  needs: (changes, settings) => {
    const candidates = candidatesIn(changes);
    const groups = [...new Set(candidates.flatMap(({ joins }) => joins.flatMap(groupOf)))];
    // What is known to give power needs no look; of what gives none yet, the text may have been changed since.
    const unknown = candidates
      .flatMap(({ grants }) => [...grants, ...onGroups(changes, groups)])
      .filter((change) => !isGrave(change) && !isGraveByName(change, settings));
    const policies = unknown.flatMap(({ subject }) => (subject.kind === "grant" ? [subject.policy] : []));
    return { groups, policies: policies.slice(0, mostPolicies) };
  },
  recognise: (changes, facts) =>
    candidatesIn(changes).flatMap((candidate) => {
      const found = foundIn(candidate, changes, facts);
      return found === undefined ? [] : [found];
    }),
  // The user stays as evidence, and the policy is judged by its own rules: whom it is attached to loses it.
  ends: ({ subject }) => subject.kind !== "user" && subject.kind !== "policy",
};

/** More policies than a user can have are not asked for. */
const mostPolicies = 30;

type Candidate = {
  readonly made: readonly RecentChange[];
  /** What gave the user another name since. */
  readonly renamed: readonly RecentChange[];
  readonly ways: readonly RecentChange[];
  readonly grants: readonly RecentChange[];
  readonly joins: readonly RecentChange[];
};

const namesOf = (change: RecentChange): readonly string[] => {
  const names = renaming(change);
  return names === undefined ? [] : [names.from, names.to];
};

/** The users that were made and given a way in, with all that gives them something. */
const candidatesIn = (changes: readonly RecentChange[]): readonly Candidate[] => {
  const made = changes.filter(({ subject, effect }) => subject.kind === "user" && effect === "made");
  const names = [...new Set(made.flatMap((change) => userOf(change) ?? []))];
  return names.flatMap((name) => {
    const own = made.filter((change) => userOf(change) === name);
    const since = Math.min(...own.map(({ occurredAt }) => occurredAt));
    const renamed = renamingsOf("user", name, since, changes);
    const ids = own.flatMap(({ subject }) => (subject.kind === "user" && subject.userId ? [subject.userId] : []));
    const called = new Set([name, ...renamed.flatMap(namesOf), ...ids]);
    const about = changes.filter((change) => {
      const user = userOf(change);
      return user !== undefined && called.has(user);
    });
    const ways = about.filter(opensWayIn);
    if (ways.length === 0) return [];
    return [
      {
        made: own,
        renamed,
        ways,
        grants: about.filter((change) => change.subject.kind === "grant" && change.effect === "made"),
        joins: about.filter((change) => change.subject.kind === "membership" && change.effect === "made"),
      },
    ];
  });
};

const groupOf = ({ subject }: RecentChange): readonly string[] =>
  subject.kind === "membership" ? [subject.groupName] : [];

/** What some groups were granted. */
const onGroups = (changes: readonly RecentChange[], groups: readonly string[]): readonly RecentChange[] =>
  changes.filter(
    ({ subject, effect }) =>
      subject.kind === "grant" &&
      effect !== "removed" &&
      subject.principal.kind === "group" &&
      groups.includes(subject.principal.name),
  );

/** Whether a grant is of a policy that administers by its name: whatever the rules on single grants are set to. */
const isGraveByName = ({ subject, answeredFor }: RecentChange, settings: RuleSettings): boolean =>
  answeredFor !== true && subject.kind === "grant" && isHighRiskName(subject.policy, settings);

const administering: readonly Tier[] = ["admin", "identity-admin"];

/** The changes by which a grant gives power: itself, and what made its policy so since. None where it gives none. */
const powerBy = (grant: RecentChange, changes: readonly RecentChange[], facts: ChainFacts): readonly RecentChange[] => {
  if (isGrave(grant) || isGraveByName(grant, facts.settings)) return [grant];
  const { subject, answeredFor } = grant;
  if (subject.kind !== "grant" || answeredFor === true) return [];
  const document = facts.documentOf(subject.policy);
  if (document === undefined || !policyTiers([document]).reasons.some(({ tier }) => administering.includes(tier)))
    return [];
  const { type, name } = subject.policy;
  const since = changes.filter(
    (change) =>
      type === "Custom" &&
      change.subject.kind === "policy" &&
      change.subject.policyName === name &&
      change.effect === "changed",
  );
  return [grant, ...since];
};

/** What gives the user power: a grave grant of its own, or being in a group that administers, or was made to. */
const powerOf = (
  { grants, joins }: Candidate,
  changes: readonly RecentChange[],
  facts: ChainFacts,
): { readonly pieces: readonly RecentChange[]; readonly unsure: readonly RecentChange[] } => {
  const pieces = grants.flatMap((grant) => powerBy(grant, changes, facts));
  const unsure: RecentChange[] = [];
  for (const join of joins) {
    const groups = groupOf(join);
    const given = onGroups(changes, groups).flatMap((grant) => powerBy(grant, changes, facts));
    const privileged = groups.map((group) => facts.administers(group));
    if (isGrave(join) || given.length > 0 || privileged.includes(true)) pieces.push(join, ...given);
    else if (privileged.includes(undefined)) unsure.push(join);
  }
  return { pieces, unsure };
};

const foundIn = (candidate: Candidate, changes: readonly RecentChange[], facts: ChainFacts): ChainFound | undefined => {
  const { pieces: power, unsure } = powerOf(candidate, changes, facts);
  const { made, renamed, ways } = candidate;
  const all = together([made, renamed, ways, power, unsure]);
  const has = (window: readonly RecentChange[], some: readonly RecentChange[]): boolean =>
    window.some((change) => some.includes(change));
  const chains = windowsOf(all, hourMs).filter((window) => has(window, made) && has(window, ways));
  const sure = chains.filter((window) => has(window, power));
  const windows = sure.length > 0 ? sure : chains.filter((window) => has(window, unsure));
  const [first, ...others] = together(
    windows.map((window) => window.filter((change) => sure.length === 0 || !unsure.includes(change))),
  );
  const [user] = made;
  if (first === undefined || user === undefined) return undefined;
  const pieces = [first, ...others] as const;
  const name = userOf(renamed.at(-1) ?? user) ?? "";
  const makers = makersOf(pieces);
  const minutes = String(minutesOf(pieces));
  const [en, zh] =
    sure.length > 0
      ? ["gave it full administration", "授予其完全管理权限"]
      : ["put it into a group whose rights could not be read", "将其加入权限无法读取的用户组"];
  return {
    target: user.subject,
    pieces,
    evidence: [
      {
        sentence: {
          en: `\`${makers}\` made user \`${name}\`, opened a way in for it, and ${en}, within \`${minutes}\` min`,
          "zh-CN": `\`${makers}\` 在 \`${minutes}\` 分钟内创建了用户 \`${name}\`、为其开启入口并${zh}`,
        },
        facts: { user: name, makers, minutes },
      },
    ],
    ...(sure.length > 0 ? {} : { unsure: true as const }),
  };
};
