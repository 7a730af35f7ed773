import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** Policies that hang on a user and not on a group: they stay with the person when the duties change. */
export const policyHeldDirectly = defineCheck({
  id: "RAM.PolicyHeldDirectly",
  control: "RAM-POL-003",
  severity: "low",
  looksAt: "user",
  controls: { cis: ["1.16"], cloudConfig: ["ram-user-no-has-specified-policy (partial)"], attack: ["T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/grant-permissions-to-a-ram-user-group"],
  text: {
    en: {
      title: "User holds policies directly",
      rationale:
        "rights that a person holds through a group go when the person leaves it; what is attached to the user itself is forgotten",
      runbook: [
        "Find or make the group that stands for the user's duty, attach the policies to it and add the user, within the month.",
        "Then detach them from the user, and look for a day at calls of the user that end in `NoPermission`.",
      ],
      falsePositives: "a program's user, of which there is one for its duty",
    },
    "zh-CN": {
      title: "用户直接持有策略",
      rationale: "通过用户组获得的权限随离组而收回；直接授予用户的权限则会被遗忘",
      runbook: [
        "一个月内找到或新建对应职责的用户组，将策略授予该组并加入该用户。",
        "随后解除用户身上的策略，并在一天内留意该用户以 `NoPermission` 结束的调用。",
      ],
      falsePositives: "程序用户：一项职责只有一个用户",
    },
  },
  judge: ({ user: { userName }, policies }) =>
    whenRead(policies, (held) =>
      held.length === 0
        ? fine
        : broken(
            {
              en: `user \`${userName}\` holds \`${held.length}\` policies directly`,
              "zh-CN": `用户 \`${userName}\` 直接持有 \`${held.length}\` 条策略`,
            },
            { user: userName, count: String(held.length), policies: held.map(({ name }) => name).join(", ") },
          ),
    ),
});
