import type { Bilingual } from "../../domain/finding.ts";

/** A control of the catalogue that is no rule, chain or check, and why. */
export type NotARule = { readonly title: Bilingual; readonly because: Bilingual };

/** What signs a person on is recorded by services whose events only an SLS trail delivers, and RAM Warden takes none yet. */
const signIns: Bilingual = {
  en: "sign-ins are recorded as events of `AasCustomer` and `AasSub`, which only a trail to SLS delivers; RAM Warden does not take that in yet",
  "zh-CN": "登录事件由 `AasCustomer` 和 `AasSub` 记录，仅投递到 SLS 的跟踪可以获得；RAM Warden 尚未接入",
};

const otherServices: Bilingual = {
  en: "it is a change in another service than RAM, whose events are not delivered; `warden doctor` looks at what is ours, and a guard that is handed nothing is told as `RAM.GuardSilent`",
  "zh-CN":
    "这是 RAM 以外服务的变更，其事件不会投递；`warden doctor` 会检查本系统的部分，守卫收不到事件时以 `RAM.GuardSilent` 告知",
};

/** Controls of the catalogue that nothing in the code judges: each with its reason, so that none is forgotten. */
export const notRules: { readonly [control: string]: NotARule } = {
  "RAM-ROOT-001": {
    title: { en: "Root account signed in to the console", "zh-CN": "主账号登录控制台" },
    because: signIns,
  },
  "RAM-ROOT-005": {
    title: { en: "Root password, phone or e-mail changed", "zh-CN": "主账号密码/手机/邮箱变更" },
    because: signIns,
  },
  "RAM-MFA-003": {
    title: { en: "Console sign-in without MFA", "zh-CN": "未使用 MFA 登录控制台" },
    because: signIns,
  },
  "RAM-AUTH-001": {
    title: { en: "Burst of console sign-in failures", "zh-CN": "控制台登录失败激增" },
    because: signIns,
  },
  "RAM-CHAIN-004": {
    title: { en: "New credential used from a new place", "zh-CN": "新凭证异地首次使用" },
    because: {
      en: "the first use of a credential is a sign-in or a read, and neither is delivered; where an address is takes a source outside the account",
      "zh-CN": "凭证的首次使用是登录或读取，两者均不投递；判断地址所在地还需要账号以外的数据",
    },
  },
  "RAM-AUTH-002": {
    title: { en: "Burst of denied RAM calls", "zh-CN": "RAM 越权调用激增" },
    because: {
      en: "a call that was denied changed nothing, and is passed over: counting them is for a detection over the whole trail, which sees reads as well",
      "zh-CN": "被拒绝的调用没有产生变更，因此被略过；其计数应由覆盖整个跟踪（包括读取）的检测完成",
    },
  },
  "RAM-AK-010": {
    title: { en: "Key reported leaked", "zh-CN": "AccessKey 泄露" },
    because: {
      en: "it is a report of Security Center or of a scanner, and no change: the console or the cloud's own command line disables the key",
      "zh-CN": "这是云安全中心或扫描工具的报告，而非变更；请用控制台或云命令行禁用密钥",
    },
  },
  "RAM-AK-012": {
    title: { en: "Human or workload uses a long-lived key where STS fits", "zh-CN": "应使用 STS 而使用长期 AccessKey" },
    because: {
      en: "whether STS would do is known by who runs the program, not by the account; every new key is judged by `RAM.AccessKeyUnapproved`, and old and unused ones by checks",
      "zh-CN":
        "STS 是否适用取决于程序的运行方式，而非账号状态；新密钥由 `RAM.AccessKeyUnapproved` 判定，旧的和闲置的由检查项判定",
    },
  },
  "RAM-POL-017": {
    title: { en: "Granted permission unused for 90 days", "zh-CN": "授权 90 天未使用" },
    because: {
      en: "only Access Analyzer knows what was used; its findings are not read yet",
      "zh-CN": "只有访问分析知道哪些权限被使用；尚未读取其发现",
    },
  },
  "RAM-ROLE-011": {
    title: { en: "Unused role", "zh-CN": "长期未使用的角色" },
    because: {
      en: "RAM does not tell when a role was last taken on; Access Analyzer does, and is not read yet",
      "zh-CN": "RAM 不提供角色最近被扮演的时间；访问分析提供，但尚未读取",
    },
  },
  "RAM-PROT-002": {
    title: { en: "Function, trigger, event rule or log store disabled", "zh-CN": "函数/触发器/规则/日志被停用" },
    because: otherServices,
  },
  "RAM-PROT-003": {
    title: { en: "ActionTrail stopped, deleted or narrowed", "zh-CN": "操作审计被关闭或缩小范围" },
    because: otherServices,
  },
  "RAM-PROT-004": {
    title: { en: "Heartbeat lost", "zh-CN": "心跳丢失" },
    because: {
      en: "no change leads to it: sweep and guard tell it of each other, as `RAM.GuardSilent` and `RAM.SweepSilent`",
      "zh-CN": "没有变更会导致它：由巡检与守卫相互监视，分别以 `RAM.GuardSilent` 和 `RAM.SweepSilent` 告知",
    },
  },
  "RAM-PROT-005": {
    title: { en: "Rules, exemptions or state changed outside the pipeline", "zh-CN": "规则/豁免/状态被带外修改" },
    because: {
      en: "it is a change of OSS, of Function Compute or of Tablestore, whose events are not delivered; `warden ledger verify` finds rows that were changed, and settings are deployed with the function",
      "zh-CN":
        "这是 OSS、函数计算或表格存储的变更，其事件不会投递；`warden ledger verify` 可发现被改动的记录，设置随函数部署",
    },
  },
};
