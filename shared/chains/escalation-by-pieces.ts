import type { Bilingual } from "../domain/finding.ts";
import type { AccountId, Principal } from "../domain/identity.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { PolicyName } from "../domain/subject.ts";
import { escalationRoutes } from "../policy/escalation.ts";
import type { EscalationCategory } from "../policy/escalation-primitive.ts";
import { policyTiers, type Tier } from "../policy/tiers.ts";
import type { ChainFacts, ChainFound, ChainRule } from "./kit/chain.ts";
import { inOrder, isGrave, makersOf, minutesOf, notTakenBack, together } from "./kit/pieces.ts";

/** Grants to one holder within a day of which none is grave for itself, and which together are. */
export const escalationByPieces: ChainRule = {
  id: "RAM.EscalationByPieces",
  control: "RAM-CHAIN-005",
  severity: "high",
  maturity: "stable",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1548.005", "T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/policy-overview"],
  text: {
    en: {
      title: "Escalation by pieces",
      rationale:
        "who may pass a role and who may make a function each do little; who may do both runs code with the rights of any role",
      runbook: [
        "Compare what the holder could do before and after (`warden policy compare` on the policies named here); ask whoever granted the last of them within the day.",
        "If it is not wanted, detach the last one; set the rule to `revert` where that is to happen by itself.",
      ],
      falsePositives: "an administrator who is given their policies one by one; grant them to a group instead",
    },
    "zh-CN": {
      title: "分步提权",
      rationale: "只能传递角色或只能创建函数，影响都有限；两者兼有即可以任意角色的权限运行代码",
      runbook: [
        "对比该身份之前与之后的权限（对此处列出的策略执行 `warden policy compare`），当天向最后一次授权者确认。",
        "若不需要，解除最后一条策略；若希望自动处理，请将规则设为 `revert`。",
      ],
      falsePositives: "逐条获得策略的管理员；请改为授予用户组",
    },
  },
  needs: (changes) => ({ groups: [], policies: holdingsIn(changes).flatMap(({ policies }) => policies) }),
  recognise: (changes, facts) =>
    holdingsIn(changes).flatMap((holding) => {
      const found = foundIn(holding, facts);
      return found === undefined ? [] : [found];
    }),
  // The last piece is what completes it.
  ends: (piece, pieces) => piece === inOrder(pieces.filter(({ subject }) => subject.kind === "grant")).at(-1),
};

const dayMs = 86_400_000;
/** More policies than a holder can have is nothing to ask the account for. */
const mostPolicies = 30;

type Holding = {
  readonly holder: Principal;
  readonly pieces: readonly RecentChange[];
  readonly policies: readonly PolicyName[];
};

/** What each holder was granted within a day and still has, itself or by a group that it was put into meanwhile. */
const holdingsIn = (changes: readonly RecentChange[]): readonly Holding[] => {
  const standing = notTakenBack(changes, changes);
  const given = inOrder(standing).filter(
    (change) => change.subject.kind === "grant" && change.effect === "made" && !isGrave(change),
  );
  const joins = standing.filter((change) => change.subject.kind === "membership" && change.effect === "made");
  const holders = new Map<string, Principal>();
  for (const { subject } of given)
    if (subject.kind === "grant") holders.set(`${subject.principal.kind}/${subject.principal.name}`, subject.principal);
  for (const { subject } of joins)
    if (subject.kind === "membership")
      holders.set(`user/${subject.userName}`, { kind: "user", name: subject.userName });
  return [...holders.values()].flatMap((holder) => {
    const through = joins.filter(
      ({ subject }) => subject.kind === "membership" && holder.kind === "user" && subject.userName === holder.name,
    );
    const groups = through.flatMap(({ subject }) => (subject.kind === "membership" ? [subject.groupName] : []));
    const own = given.filter(
      ({ subject }) =>
        subject.kind === "grant" &&
        ((subject.principal.kind === holder.kind && subject.principal.name === holder.name) ||
          (subject.principal.kind === "group" && groups.includes(subject.principal.name))),
    );
    const latest = own.at(-1);
    const recent = own.filter(({ occurredAt }) => latest !== undefined && latest.occurredAt - occurredAt <= dayMs);
    const policies = new Map(
      recent.flatMap(({ subject }) =>
        subject.kind === "grant" ? [[`${subject.policy.type}/${subject.policy.name}`, subject.policy] as const] : [],
      ),
    );
    if (policies.size < 2 || policies.size > mostPolicies) return [];
    return [{ holder, pieces: together([recent, through]), policies: [...policies.values()] }];
  });
};

const grave: readonly Tier[] = ["admin", "identity-admin", "escalation-capable"];
const graveRoutes: readonly EscalationCategory[] = ["identity", "pass-role"];

/** What several policies give together that matters, by a name that tells one such thing from another. */
type Power = {
  readonly name: string;
  readonly path: Bilingual;
  readonly facts: { readonly [name: string]: string };
  readonly exact: boolean;
};

const powersOf = (documents: readonly string[], accountId: AccountId): readonly Power[] => [
  ...policyTiers(documents)
    .reasons.filter(({ tier }) => grave.includes(tier))
    .map(({ tier, sentence, facts }) => ({ name: tier, path: sentence, facts, exact: true })),
  ...escalationRoutes([], documents, { accountId })
    .routes.filter(({ category }) => graveRoutes.includes(category))
    .map(({ id, path, facts, exact }) => ({ name: id, path, facts, exact })),
];

const foundIn = (
  { holder, pieces, policies }: Holding,
  { documentOf, settings }: ChainFacts,
): ChainFound | undefined => {
  const documents = policies.flatMap((policy) => documentOf(policy) ?? []);
  if (documents.length < 2) return undefined;
  const { accountId } = settings;
  const alone = new Set(documents.flatMap((document) => powersOf([document], accountId).map(({ name }) => name)));
  const [power] = powersOf(documents, accountId).filter(({ name }) => !alone.has(name));
  const [first, ...others] = pieces;
  const grant = pieces.find(({ subject }) => subject.kind === "grant" && subject.principal.name === holder.name);
  const target = (grant ?? first)?.subject;
  if (power === undefined || first === undefined || target === undefined) return undefined;
  const all = [first, ...others] as const;
  const makers = makersOf(all);
  const minutes = String(minutesOf(all));
  const names = policies.map(({ name }) => name).join(", ");
  return {
    target,
    pieces: all,
    evidence: [
      {
        sentence: {
          en: `\`${makers}\` granted \`${holder.kind} ${holder.name}\` policies within \`${minutes}\` min of which none does so alone, and which together (\`${names}\`) ${power.path.en}`,
          "zh-CN": `\`${makers}\` 在 \`${minutes}\` 分钟内授予 \`${holder.kind} ${holder.name}\` 多条策略，单独均不构成风险，合在一起（\`${names}\`）${power.path["zh-CN"]}`,
        },
        facts: {
          ...power.facts,
          makers,
          minutes,
          holder: `${holder.kind} ${holder.name}`,
          policies: names,
          power: power.name,
        },
      },
    ],
    ...(power.exact ? {} : { unsure: true as const }),
  };
};
