import type { Change } from "../domain/change.ts";
import type { Bilingual, Verdict } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** An OAuth application may act for users in a new way: more scopes, another address, a secret, or it is from outside. */
export const oAuthApplicationOpened = defineRule({
  id: "RAM.OAuthApplicationOpened",
  control: "RAM-IDP-006",
  severity: "medium",
  maturity: "stable",
  subject: ["application", "app-secret", "app-installation"],
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { attack: ["T1671", "T1528"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createapplication"],
  text: {
    en: {
      title: "OAuth application created, provisioned or given a secret",
      rationale:
        "an application keeps tokens of the users who consent to it: they work on after a password change, and no MFA is asked",
      runbook: [
        "Ask whoever did it (`userIdentity` of the event) within the day whose application it is; look at `RedirectUris` and `PredefinedScopes`.",
        "Look for consents and tokens since `eventTime` (`ListUserAppAssignment`, `ConsoleSignin` by OAuth).",
        "If it is not wanted, remove the installation (`DeprovisionExternalApplication`) or the secret (`DeleteAppSecret`).",
      ],
      falsePositives: "a deployment that keeps its own application; name it under `pipelines`",
    },
    "zh-CN": {
      title: "OAuth 应用创建/授权/新增密钥",
      rationale: "应用持有已授权用户的令牌：修改密码后依然有效，且不要求 MFA",
      runbook: [
        "一天内向操作者（事件的 `userIdentity`）确认应用归属；查看 `RedirectUris` 与 `PredefinedScopes`。",
        "查找自 `eventTime` 以来的授权与令牌（`ListUserAppAssignment`、OAuth 方式的 `ConsoleSignin`）。",
        "若并非所愿，请移除安装（`DeprovisionExternalApplication`）或密钥（`DeleteAppSecret`）。",
      ],
      falsePositives: "自行维护应用的部署流程；请将其登记到 `pipelines`",
    },
  },
  judge: (change, { settings }) => {
    const { after, before, actor, subject } = change;
    if (after.kind === "gone" || isDeclared(actor, settings)) return compliant;
    if (!before.known)
      return undetermined({
        en: `what OAuth application \`${subject.appId}\` could do before is not known`,
        "zh-CN": `不知道 OAuth 应用 \`${subject.appId}\` 之前能做什么`,
      });
    const why = openedBy(change);
    return why === undefined ? compliant : told(makerOf(actor), subject.appId, why);
  },
});

type OfApplication = Change<"application" | "app-secret" | "app-installation">;

const told = (maker: string, appId: string, why: Bilingual): Verdict =>
  violation(
    {
      en: `\`${maker}\` opened OAuth application \`${appId}\`: ${why.en}`,
      "zh-CN": `\`${maker}\` 扩大了 OAuth 应用 \`${appId}\` 的能力：${why["zh-CN"]}`,
    },
    { appId, maker, what: why.en },
  );

const openedBy = ({ before, after }: OfApplication): Bilingual | undefined => {
  const was = before.known && before.state.kind !== "gone" ? before.state : undefined;
  switch (after.kind) {
    case "gone":
      return undefined;
    case "app-secret":
      return was === undefined ? { en: "it has a new secret", "zh-CN": "新增了密钥" } : undefined;
    case "app-installation": {
      if (was === undefined && after.external)
        return { en: "one from outside the account was installed", "zh-CN": "安装了账号之外的应用" };
      return furtherScopes(after.scopes, was?.kind === "app-installation" ? was.scopes : []);
    }
    case "application": {
      const former = was?.kind === "application" ? was : undefined;
      const address = after.redirectUris.find((uri) => !(former?.redirectUris ?? []).includes(uri));
      if (address !== undefined)
        return { en: `it sends tokens to \`${address}\``, "zh-CN": `令牌将发送到 \`${address}\`` };
      if (after.isMultiTenant && former?.isMultiTenant !== true)
        return { en: "other accounts may install it", "zh-CN": "其他账号可以安装" };
      return furtherScopes(after.scopes, former?.scopes ?? []);
    }
  }
};

/** To say who a user is harms nobody; anything more lets the application act. */
const furtherScopes = (scopes: readonly string[], former: readonly string[]): Bilingual | undefined => {
  const further = scopes.filter((scope) => scope !== "openid" && !former.includes(scope));
  const named = further.map((scope) => `\`${scope}\``).join(", ");
  return further.length === 0 ? undefined : { en: `it may ask for ${named}`, "zh-CN": `可以请求 ${named}` };
};
