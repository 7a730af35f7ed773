import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";
import { readEntities, unreadable } from "./kit/trust.ts";

/** A cloud service got its own role in the account, or lost it: told, and left to the service. */
export const serviceLinkedRoleChanged = defineRule({
  id: "RAM.ServiceLinkedRoleChanged",
  control: "RAM-ROLE-010",
  severity: "info",
  maturity: "stable",
  subject: "role-trust",
  response: "alert",
  responses: ["alert", "off"],
  advisory: true,
  controls: { attack: ["T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/service-linked-roles"],
  text: {
    en: {
      title: "Service-linked role created or deleted",
      rationale:
        "a service-linked role says that a service came into use, or left: one that nobody ordered is worth a look, and only the service may change it",
      runbook: [
        "Find out within the week who started to use the service (`facts.services`): LookupEvents by the maker's name around `eventTime`.",
        "If the service is one of yours, name it under `trusted.services` in the settings.",
      ],
      falsePositives: "a service that is tried out; name it under `trusted.services`",
    },
    "zh-CN": {
      title: "服务关联角色变更",
      rationale: "服务关联角色表明某个云服务开始或停止使用：无人订购的服务值得查看，且只有该服务可以更改它",
      runbook: [
        "一周内查明谁开始使用该服务（`facts.services`）：用 LookupEvents 按创建者名称查询 `eventTime` 前后的操作。",
        "若该服务属于正常使用，请将其登记到设置的 `trusted.services`。",
      ],
      falsePositives: "正在试用的服务；请将其登记到 `trusted.services`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    const isLinked =
      (after.kind !== "gone" && after.serviceLinked) ||
      (before.known && before.state.kind !== "gone" && before.state.serviceLinked) ||
      subject.roleName.toLowerCase().startsWith("aliyunservicerolefor");
    if (!isLinked) return compliant;
    const isThere = before.known ? before.state.kind !== "gone" : undefined;
    if (isThere === (after.kind !== "gone")) return compliant;
    // A look of our own at how things stand is nobody's change.
    if (actor === undefined) return compliant;
    const state =
      after.kind !== "gone" ? after : before.known && before.state.kind !== "gone" ? before.state : undefined;
    if (state === undefined || isThere === undefined)
      return undetermined({
        en: `service-linked role \`${subject.roleName}\` ${after.kind === "gone" ? "is gone" : "was written to"}, and what it was before is not known`,
        "zh-CN": `服务关联角色 \`${subject.roleName}\` ${after.kind === "gone" ? "已不存在" : "被写入"}，且不知道其之前的状态`,
      });
    const entities = readEntities(state.document);
    if (!entities.ok) return unreadable(entities.error);
    const services = entities.value.flatMap((entity) => (entity.kind === "service" ? [entity.name] : []));
    if (services.length > 0 && services.every((name) => settings.trusted.services.includes(name))) return compliant;
    const [maker, named] = [makerOf(actor), services.join(", ")];
    return violation(
      after.kind === "gone"
        ? {
            en: `\`${maker}\` had the role \`${subject.roleName}\` of service \`${named}\` deleted`,
            "zh-CN": `\`${maker}\` 使服务 \`${named}\` 的角色 \`${subject.roleName}\` 被删除`,
          }
        : {
            en: `\`${maker}\` had the role \`${subject.roleName}\` made for service \`${named}\`, which is not on the list`,
            "zh-CN": `\`${maker}\` 为不在名单中的服务 \`${named}\` 创建了角色 \`${subject.roleName}\``,
          },
      { role: subject.roleName, services: named, maker },
    );
  },
});
