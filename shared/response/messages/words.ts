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

export const reasonWords: { readonly [language in Language]: { readonly [kind in ReasonKind]: string } } = {
  en: {
    undetermined: "could not be determined",
    trial: "the rule is on trial",
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
  },
  "zh-CN": {
    undetermined: "无法判定",
    trial: "规则处于试用期",
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
  | "proposal";
