import { samePrincipal } from "../domain/identity.ts";
import { formerRef, subjectKey, subjectText, touchedBy } from "../domain/kinds.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { SubjectRef } from "../domain/subject.ts";
import type { ChainFound, ChainRule } from "./kit/chain.ts";
import { needsNothing } from "./kit/chain.ts";
import { hourMs, inOrder, makersOf, minutesOf, renaming, renamingsOf, together } from "./kit/pieces.ts";

/**
 * An identity or a policy that was made and is gone again within an hour, or was renamed there and back, and that was
 * given something or used for something in between. What broke a rule for itself is told by that rule.
 */
export const cameAndWent: ChainRule = {
  id: "RAM.CameAndWent",
  control: "RAM-CHAIN-002",
  severity: "high",
  maturity: "stable",
  response: "alert",
  responses: ["alert", "off"],
  controls: { attack: ["T1098.003", "T1070"] },
  references: ["https://www.alibabacloud.com/help/en/actiontrail/product-overview/what-is-actiontrail"],
  text: {
    en: {
      title: "Identity or grant created and removed within an hour",
      rationale:
        "what is made, used and taken away again leaves an account that looks as before: only the changes together show that it was not",
      runbook: [
        "Ask whoever did it (`userIdentity` of the events) within the day what it was for.",
        "Look at what the identity did between the first and the last `eventTime`: LookupEvents with its name; sessions of a role outlive it by up to `MaxSessionDuration`.",
      ],
      falsePositives: "a try that was cleaned up; name a pipeline that tests itself so under `pipelines`",
    },
    "zh-CN": {
      title: "短时创建后删除的身份或权限",
      rationale: "创建、使用、再删除之后，账号看起来与之前一样；只有把这些变更放在一起才能看出区别",
      runbook: [
        "当天向操作者（事件的 `userIdentity`）确认用途。",
        "查看该身份在第一个与最后一个 `eventTime` 之间的操作：按名称查询 LookupEvents；角色的会话在角色删除后最长可存活 `MaxSessionDuration`。",
      ],
      falsePositives: "试用后清理；若流水线以此方式自测，请将其登记到 `pipelines`",
    },
  },
  needs: () => needsNothing,
  recognise: (changes) => [...goneAgain(changes), ...namedBack(changes)],
};

/** What is somebody, or says what somebody may do; a mere link between two such is judged with them. */
const isThing = ({ subject }: RecentChange): boolean =>
  ["user", "group", "role-trust", "policy"].includes(subject.kind);

/** Whether a change is about a thing without being one of the thing itself: what it was given, or who was put into it. */
const isOf = (change: RecentChange, thing: SubjectRef): boolean => {
  const { subject } = change;
  if (subjectKey(subject) === subjectKey(thing)) return false;
  if (subject.kind === "grant" && thing.kind === "policy") return subject.policy.name === thing.policyName;
  if (subject.kind === "membership" && thing.kind === "group") return subject.groupName === thing.groupName;
  const [about, who] = [touchedBy(subject), touchedBy(thing)];
  return typeof about === "object" && typeof who === "object" && samePrincipal(about, who);
};

/** Whether what was made is told for itself already: it broke a rule, and so did what is told of it. */
const isTold = ({ broke }: RecentChange): boolean => broke.length > 0;

const between = (changes: readonly RecentChange[], from: RecentChange, to: RecentChange): readonly RecentChange[] =>
  changes.filter(
    (change) =>
      change !== from && change !== to && change.occurredAt >= from.occurredAt && change.occurredAt <= to.occurredAt,
  );

const goneAgain = (changes: readonly RecentChange[]): readonly ChainFound[] => {
  const ordered = inOrder(changes);
  return ordered
    .filter((change) => isThing(change) && change.effect === "made")
    .flatMap((made) => {
      const { subject } = made;
      const name =
        subject.kind === "user" ? subject.userName : subject.kind === "group" ? subject.groupName : undefined;
      const renamed =
        name === undefined || (subject.kind !== "user" && subject.kind !== "group")
          ? []
          : renamingsOf(subject.kind, name, made.occurredAt, changes);
      // It may have borne several names while it was there.
      const called = [subject, ...renamed.flatMap((change) => [change.subject, formerRef(change.subject) ?? subject])];
      const keys = called.map(subjectKey);
      const isOfIt = (change: RecentChange): boolean =>
        !renamed.includes(change) && called.some((thing) => isOf(change, thing));
      const removed = ordered.find(
        (change) =>
          change.effect === "removed" &&
          keys.includes(subjectKey(change.subject)) &&
          change.occurredAt >= made.occurredAt &&
          change.occurredAt - made.occurredAt <= hourMs,
      );
      if (removed === undefined || isTold(made)) return [];
      const held = between(ordered, made, removed).filter((change) => change.effect !== "removed" && isOfIt(change));
      // What was never given anything could do nothing.
      if (held.length === 0 || held.every(isTold)) return [];
      const undone = between(ordered, made, removed).filter((change) => change.effect === "removed" && isOfIt(change));
      return [foundOf(together([[made, removed], renamed, held, undone]), made.subject, "gone")];
    });
};

/** A renaming there and back, with something done under the name in between. */
const namedBack = (changes: readonly RecentChange[]): readonly ChainFound[] => {
  const ordered = inOrder(changes);
  return ordered.flatMap((there) => {
    const names = renaming(there);
    if (names === undefined || names.from === names.to || isTold(there)) return [];
    const back = ordered.find((change) => {
      const other = renaming(change);
      return (
        change !== there &&
        change.subject.kind === there.subject.kind &&
        other?.from === names.to &&
        other.to === names.from &&
        change.occurredAt >= there.occurredAt &&
        change.occurredAt - there.occurredAt <= hourMs
      );
    });
    if (back === undefined) return [];
    const done = between(ordered, there, back).filter((change) => isOf(change, there.subject));
    return done.length === 0 ? [] : [foundOf(together([[there, back], done]), there.subject, "renamed")];
  });
};

const foundOf = (all: readonly RecentChange[], target: SubjectRef, how: "gone" | "renamed"): ChainFound => {
  const [first, ...others] = all;
  const pieces = [first as RecentChange, ...others] as const;
  const makers = makersOf(pieces);
  const minutes = String(minutesOf(pieces));
  const [about, zhAbout] = [subjectText(target), subjectText(target, "zh-CN")];
  const en =
    how === "gone"
      ? `\`${makers}\` made \`${about}\`, gave it something, and took it away again within \`${minutes}\` min`
      : `\`${makers}\` renamed \`${about}\`, did something under that name, and renamed it back within \`${minutes}\` min`;
  const zh =
    how === "gone"
      ? `\`${makers}\` 在 \`${minutes}\` 分钟内创建了 \`${zhAbout}\`，赋予其权限或凭证，随后又将其删除`
      : `\`${makers}\` 在 \`${minutes}\` 分钟内将 \`${zhAbout}\` 改名，以该名称进行操作，随后又改回`;
  return {
    target,
    pieces,
    evidence: [
      {
        sentence: { en, "zh-CN": zh },
        facts: { makers, subject: about, subjectInChinese: zhAbout, minutes },
      },
    ],
  };
};
