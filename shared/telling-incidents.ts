import type { Evidence, Finding } from "./domain/finding.ts";
import type { AccountId, Actor } from "./domain/identity.ts";
import { actorText } from "./domain/identity.ts";
import type { Reason } from "./domain/plan.ts";
import type { SubjectRef } from "./domain/subject.ts";
import type { Occasion, UnreadWrite } from "./domain/trail-event.ts";
import type { Incident } from "./ledger/incident.ts";
import type { WriteSeen } from "./own-writes.ts";
import type { Settings } from "./settings.ts";
import type { UndoneWith } from "./undone-with.ts";

// Incidents that no rule finds and nothing can be written about: what they need is to be told.

type Told = Omit<WriteSeen, "actor"> & { readonly actor: Actor | undefined };

const toldOnly = (
  id: string,
  write: Told,
  at: number,
  subject: SubjectRef,
  {
    evidence,
    ...finding
  }: Omit<Finding, "control" | "maturity" | "response" | "verdict"> & { readonly evidence: Evidence },
  because: Reason,
): Incident => ({
  id,
  accountId: write.accountId,
  openedAt: at,
  settledAt: at,
  status: "settled",
  events: [
    { eventId: write.eventId, requestId: write.requestId, operation: write.operation, occurredAt: write.occurredAt },
  ],
  ...(write.actor === undefined ? {} : { actor: write.actor }),
  subject,
  findings: [
    {
      ...finding,
      control: "RAM-PROT-001",
      verdict: { kind: "violation", evidence: [evidence] },
      maturity: "stable",
      response: "alert",
    },
  ],
  response: "alert",
  because,
  outcome: { kind: "alerted" },
  callsMade: [],
});

/** The incident of a write in our name that we did not make. */
export const unrecordedIncident = (id: string, write: WriteSeen, settings: Settings, at: number): Incident => {
  const role = settings.guardrails.ownRoles.acting ?? "";
  const who = actorText(write.actor);
  return toldOnly(
    id,
    write,
    at,
    { kind: "role-trust", accountId: write.accountId, roleName: role, route: "Ram" },
    {
      rule: "RAM.UnrecordedActingWrite",
      severity: "critical",
      title: { en: "Write by our acting role without a record", "zh-CN": "以本系统执行角色名义进行的无记录写入" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${write.operation}\`, and the ledger has no plan for it: somebody else may act as RAM Warden`,
          "zh-CN": `\`${who}\` 调用了 \`${write.operation}\`，但账本中没有对应的计划：可能有人冒用 RAM Warden 的角色`,
        },
        facts: { actor: who, operation: write.operation, requestId: write.requestId },
      },
    },
    { kind: "unrecorded-write", detail: `request \`${write.requestId}\` is not in the ledger` },
  );
};

/** The incident of a write of an operation that the catalogue does not know. */
export const unknownIncident = (id: string, received: WriteSeen, subject: SubjectRef, at: number): Incident => {
  const write = shortened(received);
  const who = actorText(write.actor);
  return toldOnly(
    id,
    write,
    at,
    shortened(subject),
    {
      rule: "RAM.OperationUnknown",
      severity: "medium",
      title: { en: "Write that RAM Warden does not know", "zh-CN": "RAM Warden 未知的写操作" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${write.operation}\`, which is not in the catalogue of writes, so that nobody knows what it does: look at the change yourself; further calls of it are not told`,
          "zh-CN": `\`${who}\` 调用了 \`${write.operation}\`，该操作不在写操作目录中，其作用未知：请人工检查该变更；此后同一操作不再告警`,
        },
        facts: { actor: who, operation: write.operation, requestId: write.requestId },
      },
    },
    { kind: "undetermined", detail: "the operation is not in the catalogue of writes" },
  );
};

/** The incident of a successful write whose record could not be read whole, so that nothing was judged. */
export const unreadIncident = (
  id: string,
  received: UnreadWrite,
  { reason, accountId, at }: { readonly reason: string; readonly accountId: AccountId; readonly at: number },
): Incident => {
  const { mayBeRoot, occurredAt, subject, ...write } = shortened(received);
  const who = actorText(write.actor);
  const time =
    occurredAt === undefined
      ? {
          en: "; its time cannot be read either, and the time given here is when it came",
          "zh-CN": "；其时间同样无法读取，此处所示为收到的时间",
        }
      : { en: "", "zh-CN": "" };
  const root = mayBeRoot
    ? {
        en: "; it names no owner and a caller of an unknown kind: this may be a key of the account owner (root)",
        "zh-CN": "；记录未指明所有者，且调用者类型未知：可能是主账号（root）的密钥",
      }
    : { en: "", "zh-CN": "" };
  return toldOnly(
    id,
    { ...write, eventId: write.eventId, accountId, occurredAt: occurredAt ?? at },
    at,
    { ...subject, accountId },
    {
      rule: "RAM.RecordNotRead",
      severity: mayBeRoot ? "critical" : "high",
      title: { en: "Change whose record could not be read", "zh-CN": "无法读取记录的变更" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${write.operation}\`, and its record could not be read: \`${reason}\`${time.en}${root.en}; look at the change yourself`,
          "zh-CN": `\`${who}\` 调用了 \`${write.operation}\`，但其记录无法读取：\`${reason}\`${time["zh-CN"]}${root["zh-CN"]}；请人工检查该变更`,
        },
        facts: { actor: who, operation: write.operation, requestId: write.requestId, reason },
      },
    },
    { kind: "unreadable", detail: "its record could not be read" },
  );
};

/** The incident of a change that broke no rule, and was undone with one that did. */
export const undoneIncident = (id: string, received: Occasion, { by, back }: UndoneWith, at: number): Incident => {
  const event = shortened(received);
  const who = event.actor === undefined ? "nobody that is known" : actorText(event.actor);
  return {
    ...toldOnly(
      id,
      event,
      at,
      event.subject,
      {
        rule: "RAM.ChangeUndone",
        severity: "high",
        title: { en: "Change that broke no rule was undone", "zh-CN": "未违规的变更被一并撤销" },
        evidence: {
          sentence: {
            en: `\`${who}\` called \`${event.operation}\`, which broke no rule; it was not known yet when incident \`${by.id}\` put back what was accepted before, and was undone with it`,
            "zh-CN": `\`${who}\` 调用了 \`${event.operation}\`，该变更并未违规；事件 \`${by.id}\` 恢复先前已接受的状态时尚不知道该变更，因而将其一并撤销`,
          },
          facts: { actor: who, operation: event.operation, requestId: event.requestId, incident: by.id },
        },
      },
      { kind: "undone-with-another", detail: `incident ${by.id}` },
    ),
    ...(back === undefined ? {} : { remediation: back }),
  };
};

/** Names that RAM allows are shorter; what is longer need not be kept whole. */
const longestName = 200;

const shortened = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === "string" && member.length > longestName ? `${member.slice(0, longestName)}…` : member,
  ) as Value;

/**
 * The incident of an event that stopped us by a fault of our own, or by being of a form that nothing was made for: not
 * judged, so somebody has to look. `kind` is the kind of the fault, never its text.
 */
export const unhandledIncident = (id: string, received: Occasion, kind: string, at: number): Incident => {
  const event = shortened(received);
  const who = event.actor === undefined ? "nobody that is known" : actorText(event.actor);
  return toldOnly(
    id,
    event,
    at,
    event.subject,
    {
      rule: "RAM.EventNotHandled",
      severity: "high",
      title: { en: "Event that could not be judged", "zh-CN": "无法判定的事件" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${event.operation}\`, and judging it ended in a fault of RAM Warden: look at the change yourself`,
          "zh-CN": `\`${who}\` 调用了 \`${event.operation}\`，但 RAM Warden 在判定时出错：请人工检查该变更`,
        },
        facts: { actor: who, operation: event.operation, requestId: event.requestId, fault: kind },
      },
    },
    { kind: "unreadable", detail: `judging it ended in ${kind}` },
  );
};

/** The incident of a change that cannot be dealt with for now: it may stand meanwhile, so somebody has to know. */
export const putOffIncident = (id: string, received: Occasion, because: string, at: number): Incident => {
  const event = shortened(received);
  const who = event.actor === undefined ? "nobody that is known" : actorText(event.actor);
  return toldOnly(
    id,
    event,
    at,
    event.subject,
    {
      rule: "RAM.ChangePutOff",
      severity: "high",
      title: { en: "Change that cannot be dealt with for now", "zh-CN": "暂时无法处理的变更" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${event.operation}\`, and for half an hour or longer it could not be judged, or what it calls for not be done: \`${because}\`; it is tried on, and what comes of it is told; look at the change yourself until then`,
          "zh-CN": `\`${who}\` 调用了 \`${event.operation}\`，半小时以上仍无法判定或处置：\`${because}\`；系统会继续重试并告知结果；在此之前请人工检查该变更`,
        },
        facts: { actor: who, operation: event.operation, requestId: event.requestId, because },
      },
    },
    { kind: "unreadable", detail: "it could not be dealt with so far" },
  );
};

/**
 * The incident of a change that could not be judged together with others, by a fault of our own. For itself it is dealt
 * with all the same. `kind` is the kind of the fault, never its text.
 */
export const unjoinedIncident = (id: string, received: Occasion, kind: string, at: number): Incident => {
  const event = shortened(received);
  const who = event.actor === undefined ? "nobody that is known" : actorText(event.actor);
  return toldOnly(
    id,
    event,
    at,
    event.subject,
    {
      rule: "RAM.ChainNotJudged",
      severity: "high",
      title: { en: "Changes that could not be judged together", "zh-CN": "无法合并判定的变更" },
      evidence: {
        sentence: {
          en: `\`${who}\` called \`${event.operation}\`, which was dealt with for itself; judging it together with what was changed before ended in a fault of RAM Warden: look yourself at what else was changed within the day`,
          "zh-CN": `\`${who}\` 调用了 \`${event.operation}\`，该变更已单独处理；但将其与此前变更合并判定时 RAM Warden 出错：请人工检查当天的其他变更`,
        },
        facts: { actor: who, operation: event.operation, requestId: event.requestId, fault: kind },
      },
    },
    { kind: "unreadable", detail: `judging it with others ended in ${kind}` },
  );
};

/** What the sweep found in the audit trail that the guard was never handed. */
export type Missed = Omit<WriteSeen, "actor"> & { readonly events: number };

/** The incident of a guard that is handed no events: every change is judged late, and only by the sweep. */
export const silentGuardIncident = (id: string, missed: Missed, settings: Settings, at: number): Incident => {
  const role = settings.guardrails.ownRoles.looking ?? "";
  const events = String(missed.events);
  return toldOnly(
    id,
    { ...missed, actor: undefined },
    at,
    { kind: "role-trust", accountId: missed.accountId, roleName: role, route: "Ram" },
    {
      rule: "RAM.GuardSilent",
      severity: "high",
      title: { en: "The guard is handed no events", "zh-CN": "守护函数未收到任何事件" },
      evidence: {
        sentence: {
          en: `the audit trail shows \`${events}\` changes that no event told the guard of: look at the EventBridge rule and its trigger; until then each change is judged minutes late`,
          "zh-CN": `操作审计中有 \`${events}\` 项变更未以事件送达守护函数：请检查 EventBridge 规则及其触发器；在此之前，变更会延迟数分钟才被判定`,
        },
        facts: { events },
      },
    },
    { kind: "nothing-to-write", detail: "the way of the events is for a person to mend" },
  );
};

/** The incident of a sweep that has not come to its end for long. */
export const silentSweepIncident = (
  id: string,
  seen: Omit<WriteSeen, "actor">,
  settings: Settings,
  at: number,
): Incident => {
  const role = settings.guardrails.ownRoles.looking ?? "";
  const minutes = String(Math.floor((at - seen.occurredAt) / 60_000));
  return toldOnly(
    id,
    { ...seen, actor: undefined },
    at,
    { kind: "role-trust", accountId: seen.accountId, roleName: role, route: "Ram" },
    {
      rule: "RAM.SweepSilent",
      severity: "high",
      title: { en: "The sweep has not ended for long", "zh-CN": "巡检长时间未完成" },
      evidence: {
        sentence: {
          en: `the sweep ended its last tick \`${minutes}\` min ago: look at its timer and its log, and run \`warden doctor\`; until then what no event tells is judged by nobody`,
          "zh-CN": `巡检上一次完成是在 \`${minutes}\` 分钟前：请检查其定时触发器和日志，并运行 \`warden doctor\`；在此之前，没有事件告知的变更无人判定`,
        },
        facts: { minutes },
      },
    },
    { kind: "nothing-to-write", detail: "the sweep is for a person to mend" },
  );
};

/** The incident of what a look at the account found as it stands: nobody's change led there. */
export const standingIncident = (
  id: string,
  accountId: AccountId,
  { subject, finding }: { readonly subject: SubjectRef; readonly finding: Finding },
  at: number,
): Incident => ({
  id,
  accountId,
  openedAt: at,
  settledAt: at,
  status: "settled",
  events: [],
  subject,
  findings: [{ ...finding, response: "alert" }],
  response: "alert",
  because: {
    kind: "nothing-to-write",
    detail: "it was found by a look at the account, which is told and never written",
  },
  outcome: { kind: "alerted" },
  callsMade: [],
});
