import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** A console logon in use, of a user who has neither a device nor a passkey, and whom nothing asks to bind one. */
export const logonWithoutFactor = defineCheck({
  id: "RAM.LogonWithoutFactor",
  control: "RAM-MFA-001",
  severity: "high",
  looksAt: "user",
  controls: { cis: ["1.4"], cloudConfig: ["ram-user-mfa-check", "ram-user-mfa-check-v2"], attack: ["T1556.006"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getusermfainfo"],
  text: {
    en: {
      title: "Console user without a second factor",
      rationale: "a password alone lets in whoever guesses, buys or phishes it",
      runbook: [
        "Have the user bind a device within the week: set `MFABindRequired` on the logon, or `MFAOperationForLogin` to `mandatory` for everybody.",
        "Look at the `ConsoleSignin` events of the last 30 days of the user for places that nobody knows.",
      ],
      falsePositives: "a user who logs on through single sign-on only, where the directory asks for the factor",
    },
    "zh-CN": {
      title: "控制台用户没有第二因素",
      rationale: "只需密码的登录，对任何猜到、买到或钓到密码的人都是敞开的",
      runbook: [
        "请用户在一周内绑定设备：在登录配置上设置 `MFABindRequired`，或对所有人将 `MFAOperationForLogin` 设为 `mandatory`。",
        "查看该用户最近 30 天的 `ConsoleSignin` 事件，是否有陌生的来源。",
      ],
      falsePositives: "只通过单点登录、由企业目录要求第二因素的用户",
    },
  },
  judge: ({ user: { userName }, login, factor }, { account }) =>
    whenRead(login, (logon) => {
      if (logon?.state.status !== "Active" || logon.state.mfaBindRequired) return fine;
      if (account?.preference.read === true && account.preference.value.MFAOperationForLogin === "mandatory")
        return fine;
      return whenRead(factor, (bound) =>
        bound !== null
          ? fine
          : broken(
              {
                en: `user \`${userName}\` may log on to the console, has no second factor, and is not asked to bind one`,
                "zh-CN": `用户 \`${userName}\` 可登录控制台，没有第二因素，也未被要求绑定`,
              },
              { user: userName },
              logon.ref,
            ),
      );
    }),
});
