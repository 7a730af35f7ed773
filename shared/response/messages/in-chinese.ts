import type { Finding, Language } from "../../domain/finding.ts";
import type { OutcomeKind, Reason } from "../../domain/plan.ts";
import { reasonsInChinese } from "./reasons-in-chinese.ts";
import { outcomeWords } from "./words.ts";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** How an event was dealt with stands in the ledger as one word; one that is none of these stays. */
const outcomeInChinese = (outcome: string): string =>
  Object.hasOwn(outcomeWords["zh-CN"], outcome) ? outcomeWords["zh-CN"][outcome as OutcomeKind] : outcome;

/** Sentences of the core that have no second language where they are made: an expression, and what it reads in Chinese. */
const sentences: readonly (readonly [RegExp, string | ((whole: string, part: string) => string)])[] = [
  // Why a record is passed over.
  [/^is a read$/, "是读操作"],
  [/^is an Insight event, not a management event$/, "是 Insight 事件，不是管控事件"],
  [/^is a platform event, not a management event$/, "是平台事件，不是管控事件"],
  [/^is a `(.*)` event, not a management event$/, "是 `$1` 事件，不是管控事件"],
  [/^the call failed with `(.*)`$/, "调用失败：`$1`"],
  [/^the call failed$/, "调用失败"],
  [/^`(.*)` is not an identity service$/, "`$1` 不是身份服务"],
  [/^`(.*)` is not in the catalogue of writes$/, "`$1` 不在写操作目录中"],
  [
    /^`(.*)` is not in the catalogue of writes: told as an incident, once for each operation$/,
    "`$1` 不在写操作目录中：已作为事件告警，每个操作一次",
  ],
  [/^`(.*)` is a write that no rule judges$/, "`$1` 是没有规则判定的写操作"],
  [/^the call sets nothing of the role that is judged$/, "该调用未设置角色中被判定的内容"],
  [
    /^belongs to account `(.*)`, which (?:the settings do not guard|is not guarded here)$/,
    "属于账号 `$1`，不在守护范围内",
  ],
  [/^dealt with before: (.*)$/, (_, outcome) => `此前已处理：${outcomeInChinese(outcome)}`],
  [/^our own write, of incident (.*)$/, "我方自己的写入，属于事件 $1"],
  [
    /^a write by our acting role of which the ledger knows nothing: told as an incident$/,
    "以我方执行角色进行但账本中没有记录的写入：已作为事件告警",
  ],
  // Why a record is refused.
  [/^names no service: `serviceName` is missing$/, "没有服务名：缺少 `serviceName`"],
  [/^names no operation: `eventName` is missing$/, "没有操作名：缺少 `eventName`"],
  [
    /^is not an audit event: it has neither `serviceName` nor `eventName`$/,
    "不是审计事件：既没有 `serviceName` 也没有 `eventName`",
  ],
  [/^is not JSON(.*)$/, "不是 JSON$1"],
  [/^cannot be read: (.*)$/, "无法读取：$1"],
  // How a clear event came to be so.
  [/^no rule in force judges this kind of subject$/, "没有生效的规则判定此类对象"],
  [/^complies by the event alone$/, "仅凭事件即可判定合规"],
  [/^the live subject complies$/, "对象现状合规"],
  [/^the subject is gone$/, "对象已不存在"],
  [/^dealt with by incident (.*)$/, "已由事件 $1 处理"],
  [/^accepted by the undo in incident (.*)$/, "已在事件 $1 的撤销中被接受"],
  [/^could not be read: (.*)$/, "无法读取：$1"],
  [
    /^the caller may not assume the approving role `(.*)`: let somebody decide who may, or allow the caller `sts:AssumeRole` on it, by a policy and by the role's trust \((.*)\)$/,
    "调用者不能扮演批准角色 `$1`：请由可扮演者决定，或通过权限策略及该角色的信任策略允许调用者对其执行 `sts:AssumeRole`（$2）",
  ],
  [
    /^it asked, and its plan was carried out by incident `(.*)`: that is the one to take back$/,
    "其询问的方案已由事件 `$1` 执行：请撤销该事件",
  ],
  [/^undoes incident (.*)$/, "撤销事件 $1"],
  [/^approves incident (.*)$/, "批准事件 $1"],
  [/^somebody else had put it back before the write$/, "写入前已有人恢复"],
  [/^a write was sent, and the subject is something else by now$/, "已发出写入，但对象现已变为其他状态"],
  [/^the subject changed again between judging and writing$/, "对象在判定与写入之间再次变更"],
  // Why a plan does less than its findings ask for.
  [/^the subject is gone again$/, "对象已再次消失"],
  [/^the subject complies again$/, "对象已再次合规"],
  [/^the key is Inactive already$/, "密钥已停用"],
  [/^a key of the account owner cannot be managed by a RAM role$/, "RAM 角色无法管理主账号的密钥"],
  [
    /^credentials of the account owner cannot be (?:read or )?managed by a RAM role$/,
    "RAM 角色无法读取或管理主账号的凭证",
  ],
  [/^the policy was attached before as well$/, "该策略此前就已授予"],
  [/^the trust document is already what it was$/, "信任策略已与之前一致"],
  [/^the role is already what it was$/, "角色已与之前一致"],
  [
    /^it was changed again since, so that putting it back would undo the newer change as well; that one is judged by its own event$/,
    "对象此后又被更改，恢复会一并撤销较新的变更；较新的变更由其自身的事件判定",
  ],
  [/^nothing is known that puts it back$/, "没有已知的恢复方法"],
  [
    /^the role is new, so putting back what was means deleting it; that is for a person to decide$/,
    "该角色是新建的，恢复意味着删除它，须由人决定",
  ],
  [/^exemption `(.*)` of `(.*)` until (.*?)(?:, and (\d+) more)?: `(.*)`$/, "豁免 `$1`（负责人 `$2`，至 $3）：`$5`"],
  [/^a rule on trial tells and never writes$/, "试用期的规则只告警，不写入"],
  [
    /^a rule that observes says what it would do, and neither writes nor asks$/,
    "仅观察的规则只说明将如何处理，既不写入也不询问",
  ],
  [/^there is no baseline of it yet$/, "尚无该对象的基线"],
  [/^the baseline is that of an earlier one of the same name$/, "基线属于之前的同名对象"],
  [/^neither a baseline nor ActionTrail's 90 days of history tell it$/, "基线与 ActionTrail 90 天内的历史都无法得知"],
  [/^the history is too long to be read in one go$/, "历史过长，无法一次读完"],
  [/^it was made in a way that breaks a rule$/, "它的创建本身就违规"],
  [/^what was before would break (.*) as well$/, "变更前的状态同样违反 $1"],
  [
    /^it was deleted, and made again since: what was deleted cannot come back, and the new one is judged by its own event$/,
    "它被删除后又重新创建：被删除的无法恢复，新建的由其自身的事件判定",
  ],
  [
    /^what was before was made by a change that broke (.*): incident (.*)$/,
    "变更前的状态由违反 $1 的变更造成：事件 $2",
  ],
  [/^(.*) belongs to a cloud service, which alone may change it$/, "$1 属于云服务，只有该服务可以更改"],
  [/^(.*) belongs to CloudSSO; change it there$/, "$1 属于 CloudSSO，请在那里更改"],
  [/^(.*) is one that RAM Warden itself works with$/, "$1 由 RAM Warden 自身使用"],
  [/^(.*) is one that the settings protect$/, "$1 受设置保护"],
  [
    /^several keys of the owner were made within seconds, and the event does not name its own$/,
    "该用户在数秒内创建了多个密钥，而事件未指明是哪一个",
  ],
];

/** A sentence of the core in a language; one that has no Chinese is said in English rather than not at all. */
export const inLanguage = (text: string, language: Language): string => {
  if (language === "en") return text;
  for (const [form, chinese] of sentences)
    if (form.test(text)) return typeof chinese === "string" ? text.replace(form, chinese) : text.replace(form, chinese);
  for (const { form, chinese } of reasons) {
    const [whole, ...parts] = form.exec(text) ?? [];
    // A part may be a sentence of its own.
    if (whole !== undefined)
      return filled(
        chinese,
        parts.map((part) => inLanguage(part, language)),
      );
  }
  return text;
};

const filled = (text: string, parts: readonly string[]): string => {
  const [first = "", ...others] = text.split("{}");
  return others.reduce((done, piece, at) => `${done}${parts[at] ?? ""}${piece}`, first);
};

/** Those that name less come first: they fit fewer texts. */
const reasons = [...reasonsInChinese]
  .sort(([a], [b]) => a.split("{}").length - b.split("{}").length || b.length - a.length)
  .map(([english, chinese]) => ({
    form: new RegExp(`^${english.split("{}").map(escaped).join("(.+?)")}$`),
    chinese,
  }));

/** Why a plan does less, in a language: what could not be determined has its own words in both. */
export const detailInLanguage = (
  { kind, detail }: Reason,
  findings: readonly Finding[],
  language: Language,
): string => {
  const undetermined =
    kind === "undetermined"
      ? findings.flatMap(({ verdict }) => (verdict.kind === "undetermined" ? [verdict.because] : []))
      : [];
  return undetermined.find(({ en }) => en === detail)?.[language] ?? inLanguage(detail, language);
};
