import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** More identities than these that administer the account are more than anybody keeps an eye on. */
const most = 3;

/** How many administer the account: themselves, through a group, or as a role. */
export const administratorsTooMany = defineCheck({
  id: "RAM.AdministratorsTooMany",
  control: "RAM-USER-010",
  severity: "high",
  looksAt: "account",
  controls: { cis: ["1.15 (supports)"], attack: ["T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/create-a-ram-administrator"],
  text: {
    en: {
      title: "Too many administrators",
      rationale: "each identity that may do everything is one more whose credentials are worth everything",
      runbook: [
        "Go through those named here within the week: who of them needs full administration, and who a part of it (`warden policy explain`).",
        "Give the others policies of their duty through a group, then detach `AdministratorAccess` and `AliyunRAMFullAccess` from them.",
      ],
      falsePositives:
        "an organisation that administers by turns; an administrator role that people assume is one identity",
    },
    "zh-CN": {
      title: "管理员身份过多",
      rationale: "每多一个拥有全部权限的身份，就多一份价值等同整个账号的凭证",
      runbook: [
        "一周内逐一核对此处列出的身份：谁确需完全管理权限，谁只需其中一部分（`warden policy explain`）。",
        "其余身份通过用户组授予其职责所需的策略，再解除其 `AdministratorAccess` 与 `AliyunRAMFullAccess`。",
      ],
      falsePositives: "轮值管理的组织；由多人扮演的管理员角色只算一个身份",
    },
  },
  judge: ({ administrators }) =>
    whenRead(administrators, (all) =>
      all.length <= most
        ? fine
        : broken(
            {
              en: `\`${all.length}\` identities administer the account`,
              "zh-CN": `有 \`${all.length}\` 个身份可管理整个账号`,
            },
            { count: String(all.length), identities: all.map(({ kind, name }) => `${kind}/${name}`).join(", ") },
          ),
    ),
});
