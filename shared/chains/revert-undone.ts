import { subjectKey, subjectText } from "../domain/kinds.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { ChainFound, ChainRule } from "./kit/chain.ts";
import { needsNothing } from "./kit/chain.ts";
import { inOrder, makersOf, minutesOf } from "./kit/pieces.ts";

/** So often what we put back has to come again before it is a matter of its own. */
const fewest = 2;

/** What was put back, made again, put back, and made again: somebody does not let go, or a pipeline that nobody named. */
export const revertUndone: ChainRule = {
  id: "RAM.RevertUndone",
  control: "RAM-CHAIN-003",
  severity: "high",
  maturity: "stable",
  response: "alert",
  responses: ["alert", "off"],
  controls: { attack: ["T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/actiontrail/product-overview/what-is-actiontrail"],
  text: {
    en: {
      title: "What was put back was made again",
      rationale:
        "two parties that change one thing back and forth never end: one of them is somebody who wants it so, or a tool that nobody declared",
      runbook: [
        "See whether the actor (`userIdentity`, `userAgent`) is a person or a tool such as Terraform; ask them within the hour.",
        "If it is a pipeline, name it under `pipelines` and settle in its repository what is wanted; after `budgets.subject` writes within an hour nothing more is put back.",
      ],
      falsePositives: "an undeclared pipeline that applies its state again and again",
    },
    "zh-CN": {
      title: "修复被再次改回",
      rationale: "双方反复更改同一对象不会有结果：其中一方要么执意如此，要么是未登记的工具",
      runbook: [
        "确认操作者（`userIdentity`、`userAgent`）是人还是 Terraform 等工具，一小时内与其沟通。",
        "若为流水线，请登记到 `pipelines`，并在其代码库中确定应有的状态；一小时内写入达到 `budgets.subject` 次后不再恢复。",
      ],
      falsePositives: "未登记的流水线反复应用其状态",
    },
  },
  needs: () => needsNothing,
  recognise: (changes) => {
    const again = inOrder(changes).filter(({ undoes }) => undoes !== undefined);
    const keys = [...new Set(again.map(({ subject }) => subjectKey(subject)))];
    return keys.flatMap((key) => {
      const found = foundOf(again.filter(({ subject }) => subjectKey(subject) === key));
      return found === undefined ? [] : [found];
    });
  },
};

const dayMs = 86_400_000;

const foundOf = (again: readonly RecentChange[]): ChainFound | undefined => {
  const latest = again.at(-1);
  if (latest === undefined) return undefined;
  const [first, ...others] = again.filter(({ occurredAt }) => latest.occurredAt - occurredAt <= dayMs);
  if (first === undefined || others.length + 1 < fewest) return undefined;
  const pieces = [first, ...others] as const;
  const makers = makersOf(pieces);
  const [about, zhAbout] = [subjectText(latest.subject), subjectText(latest.subject, "zh-CN")];
  const [times, minutes] = [String(pieces.length), String(minutesOf(pieces))];
  return {
    target: latest.subject,
    pieces,
    evidence: [
      {
        sentence: {
          en: `\`${makers}\` brought back \`${about}\` after RAM Warden had put it right, \`${times}\` times within \`${minutes}\` min`,
          "zh-CN": `RAM Warden 修复后，\`${makers}\` 在 \`${minutes}\` 分钟内 \`${times}\` 次将 \`${zhAbout}\` 改回`,
        },
        facts: { makers, subject: about, subjectInChinese: zhAbout, times, minutes },
      },
    ],
  };
};
