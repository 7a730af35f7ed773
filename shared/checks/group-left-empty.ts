import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** A group that nobody is in, or that gives nothing. */
export const groupLeftEmpty = defineCheck({
  id: "RAM.GroupLeftEmpty",
  control: "RAM-GRP-004",
  severity: "info",
  looksAt: "group",
  controls: { cloudConfig: ["ram-group-has-member-check", "ram-group-in-use-check"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/manage-a-ram-user-group"],
  text: {
    en: {
      title: "Empty or policy-less group",
      rationale:
        "a group without members is rights that wait for somebody; one without policies misleads whoever reads it",
      runbook: [
        "Ask whoever looks after the group within the month what it is for.",
        "Detach its policies and delete it, unless it is filled or given its policies within the month.",
      ],
      falsePositives: "a group that people are put into for emergencies only",
    },
    "zh-CN": {
      title: "空闲的用户组",
      rationale: "没有成员的用户组是等人来取的权限；没有策略的用户组则会误导查看者",
      runbook: ["一个月内向该组的负责人确认用途。", "除非在一个月内有成员加入或授予策略，否则解除其策略并删除。"],
      falsePositives: "仅在应急时才加入成员的用户组",
    },
  },
  judge: ({ ref: { groupName }, members, policies }) => {
    const empty = whenRead(members, (names) =>
      names.length > 0
        ? fine
        : broken(
            { en: `nobody is in group \`${groupName}\``, "zh-CN": `用户组 \`${groupName}\` 没有成员` },
            { group: groupName },
          ),
    );
    if (empty.length > 0) return empty;
    return whenRead(policies, (held) =>
      held.length > 0
        ? fine
        : broken(
            { en: `group \`${groupName}\` holds no policy`, "zh-CN": `用户组 \`${groupName}\` 没有任何策略` },
            { group: groupName },
          ),
    );
  },
});
