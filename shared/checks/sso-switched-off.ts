import { practicesOf } from "../rules/kit/practices.ts";
import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** An account whose settings ask for single sign-on, and that has none. */
export const ssoSwitchedOff = defineCheck({
  id: "RAM.SsoSwitchedOff",
  control: "RAM-OWN-101",
  severity: "high",
  looksAt: "account",
  controls: { attack: ["T1556"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getuserssosettings"],
  text: {
    en: {
      title: "Single sign-on is asked for and not in force",
      rationale:
        "without it each user has a password of its own here, which outlives the person's leaving the directory",
      runbook: [
        "See who switched it off: `SetUserSsoSettings` within the last 90 days.",
        "Set the metadata of the company's identity provider and `SsoEnabled` again, and keep one emergency user who can log on without it.",
      ],
      falsePositives: "people who log on by roles of an identity provider alone; set `sso` to `optional` then",
    },
    "zh-CN": {
      title: "要求单点登录但未启用",
      rationale: "未启用时，每个用户在此都有独立密码，人员离开企业目录后依然有效",
      runbook: [
        "查明由谁关闭：最近 90 天内的 `SetUserSsoSettings`。",
        "重新设置企业身份提供商的元数据与 `SsoEnabled`，并保留一个不经其登录的应急用户。",
      ],
      falsePositives: "只通过身份提供商的角色登录；此时请将 `sso` 设为 `optional`",
    },
  },
  judge: ({ sso }, { settings }) =>
    practicesOf(settings).sso === "optional"
      ? fine
      : whenRead(sso, (fields) =>
          fields.SsoEnabled === true
            ? fine
            : broken(
                {
                  en: "user SSO is not enabled, and the settings ask for it",
                  "zh-CN": "未启用用户 SSO，而设置要求启用",
                },
                { setting: "SsoEnabled" },
              ),
        ),
});
