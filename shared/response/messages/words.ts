import type { Language } from "../../domain/finding.ts";
import type { OutcomeKind, ReasonKind } from "../../domain/plan.ts";

/** What people read of an outcome: what was done about it, in two or three words. */
export const outcomeWords: { readonly [language in Language]: { readonly [kind in OutcomeKind]: string } } = {
  en: {
    clear: "nothing to do",
    observed: "observed only",
    reverted: "put back",
    contained: "contained",
    asked: "waits for a decision",
    alerted: "told, nothing written",
    transient: "was broken for a time, complies again",
    superseded: "changed again, nothing written",
    overtaken: "written, and changed again: look at it",
    undone: "remediation taken back",
    failed: "NOT put back",
  },
  "zh-CN": {
    clear: "无需处理",
    observed: "仅观察",
    reverted: "已恢复",
    contained: "已遏制",
    asked: "等待决定",
    alerted: "已告警，未写入",
    transient: "曾短暂违规，现已合规",
    superseded: "已再次变更，未写入",
    overtaken: "已写入，但又被更改：请查看",
    undone: "处置已撤销",
    failed: "未能恢复",
  },
};

/** The same of what was only judged: what would be done by the settings that it was judged by. */
export const wouldWords: { readonly [language in Language]: { readonly [kind in OutcomeKind]: string } } = {
  en: {
    ...outcomeWords.en,
    observed: "would be told, and nothing written: the settings observe",
    reverted: "would be put back",
    contained: "would be contained",
    asked: "would wait for a decision",
    alerted: "would be told, nothing written",
    transient: "would be told: was broken for a time, complies again",
    failed: "could not be judged",
  },
  "zh-CN": {
    ...outcomeWords["zh-CN"],
    observed: "将会告警但不写入：设置为仅观察",
    reverted: "将会恢复",
    contained: "将会遏制",
    asked: "将会等待决定",
    alerted: "将会告警，不写入",
    transient: "将会告警：曾短暂违规，现已合规",
    failed: "无法判定",
  },
};

export const reasonWords: { readonly [language in Language]: { readonly [kind in ReasonKind]: string } } = {
  en: {
    undetermined: "could not be determined",
    trial: "the rule is on trial",
    exempt: "exempt",
    "exemptions-unreadable": "the exemptions cannot be read, and one may cover it",
    "prior-state-unknown": "what was before is not known",
    "service-linked": "service-linked role",
    "cloudsso-owned": "owned by CloudSSO",
    protected: "protected by the settings",
    "own-identity": "RAM Warden's own identity",
    "root-credential": "credential of the account owner",
    "nothing-to-write": "nothing to write",
    "before-breaks-a-rule": "what was before breaks a rule as well",
    observe: "the settings say observe",
    "changed-again": "the subject changed again",
    destructive: "putting it back would destroy something",
    "grants-privilege": "putting it back would grant privilege",
    "unrecorded-write": "a write in our name without a record",
    unreadable: "the subject could not be read",
    settings: "the settings say so",
    "not-reversible": "nothing leads back",
    "disrupts-logon": "putting it back would lock people out",
    "weakens-protection": "putting it back would take protection away",
    pipeline: "made by a declared pipeline",
    provisioned: "kept by a directory outside RAM",
    "classic-service-role": "role of a cloud service",
    "last-administrator": "the last effective administrator",
    "lock-out": "putting it back would lock out the caller or RAM Warden",
    "rule-budget": "the rule's budget is spent",
    "actor-budget": "the budget for this actor is spent",
    "account-budget": "the account's budget is spent",
    "circuit-open": "too many writes did not end well",
    oscillation: "two parties change it back and forth",
    "kill-switch": "writing is switched off",
    "too-many-calls": "more calls than one session may hold",
    "another-of-its-name": "another thing bears the name now",
    "undone-with-another": "undone together with a change that broke one",
  },
  "zh-CN": {
    undetermined: "无法判定",
    trial: "规则处于试用期",
    exempt: "已豁免",
    "exemptions-unreadable": "无法读取豁免，该变更可能在豁免范围内",
    "prior-state-unknown": "不知道变更前的状态",
    "service-linked": "服务关联角色",
    "cloudsso-owned": "由 CloudSSO 管理",
    protected: "受设置保护",
    "own-identity": "RAM Warden 自身的身份",
    "root-credential": "主账号凭证",
    "nothing-to-write": "没有需要写入的内容",
    "before-breaks-a-rule": "变更前的状态同样违规",
    observe: "设置为仅观察",
    "changed-again": "对象已再次变更",
    destructive: "恢复将造成破坏",
    "grants-privilege": "恢复将授予权限",
    "unrecorded-write": "以我方名义但无记录的写入",
    unreadable: "无法读取对象",
    settings: "由设置决定",
    "not-reversible": "无法恢复",
    "disrupts-logon": "恢复将导致人员无法登录",
    "weakens-protection": "恢复将削弱保护",
    pipeline: "由已声明的流水线执行",
    provisioned: "由 RAM 之外的目录管理",
    "classic-service-role": "云服务的角色",
    "last-administrator": "最后一个有效管理员",
    "lock-out": "恢复将使调用者或 RAM Warden 失去访问权限",
    "rule-budget": "规则的额度已用尽",
    "actor-budget": "该操作者的额度已用尽",
    "account-budget": "账号的额度已用尽",
    "circuit-open": "过多写入未能成功",
    oscillation: "双方反复更改同一对象",
    "kill-switch": "写入已关闭",
    "too-many-calls": "调用数超出一个会话的限制",
    "another-of-its-name": "该名称现属于另一对象",
    "undone-with-another": "与一项违规变更一并被撤销",
  },
};

export const labels: { readonly [language in Language]: { readonly [label in Label]: string } } = {
  en: {
    who: "Who",
    what: "What",
    when: "When",
    why: "Why it is wrong",
    done: "Done",
    because: "Because",
    call: "Call",
    undo: "To take it back",
    before: "Before",
    took: "Took",
    from: "From",
    proposal: "Proposed call",
    exposure: "Still open",
    besides: "Undone as well",
    decide: "To decide",
    did: "Its own doing",
    since: "Since then",
    also: "And also",
    now: "Now",
    difference: "The change",
    rejected: "Document found",
    sent: "Document sent",
    piece: "Piece",
    partOf: "Part of",
  },
  "zh-CN": {
    who: "操作者",
    what: "对象",
    when: "时间",
    why: "违规原因",
    done: "处置",
    because: "原因",
    call: "调用",
    undo: "撤销方式",
    before: "变更前来源",
    took: "用时",
    from: "来源 IP",
    proposal: "建议调用",
    exposure: "残余风险",
    besides: "一并撤销（未违规的部分）",
    decide: "如何决定",
    did: "其所做变更",
    since: "此后",
    also: "另有",
    now: "现状",
    difference: "变更内容",
    rejected: "变更后的文档",
    sent: "写入的文档",
    piece: "其中",
    partOf: "所属",
  },
};

export type Label =
  | "who"
  | "what"
  | "when"
  | "why"
  | "done"
  | "because"
  | "call"
  | "undo"
  | "before"
  | "took"
  | "from"
  | "proposal"
  | "exposure"
  | "besides"
  | "decide"
  | "did"
  | "since"
  | "also"
  | "now"
  | "difference"
  | "rejected"
  | "sent"
  | "piece"
  | "partOf";
