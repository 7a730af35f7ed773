import { broken, defineCheck, fine, isProgram, notRead, whenRead } from "./kit/check.ts";

/** A program's user that may log on to the console. */
export const serviceUserLogonHeld = defineCheck({
  id: "RAM.ServiceUserLogonHeld",
  control: "RAM-USER-004",
  severity: "high",
  looksAt: "user",
  controls: { cloudConfig: ["ram-user-login-check"], attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getloginprofile"],
  text: {
    en: {
      title: "A service user may log on to the console",
      rationale:
        "a program needs no password: one that it has is used by somebody else, and by nobody who can be asked",
      runbook: [
        "Look at `ConsoleSignin` events of the user within the last 90 days: who used it, and from where.",
        "Set the logon Inactive (`UpdateLoginProfile`), and delete it after 30 days.",
      ],
      falsePositives: "a person whose name looks like a program's; narrow the patterns of `classes.service`",
    },
    "zh-CN": {
      title: "程序用户可登录控制台",
      rationale: "程序不需要密码：存在的密码必被他人使用，且无从追问",
      runbook: [
        "查看该用户最近 90 天的 `ConsoleSignin` 事件：由谁、从何处使用。",
        "将登录设为 Inactive（`UpdateLoginProfile`），30 天后删除。",
      ],
      falsePositives: "名称像程序的个人用户；请收窄 `classes.service` 的模式",
    },
  },
  needsTags: true,
  judge: (standing, facts) => {
    const { user, login } = standing;
    const { userName } = user;
    const isService = isProgram(standing, facts);
    if (isService === false) return fine;
    return whenRead(login, (logon) => {
      if (logon?.state.status !== "Active") return fine;
      if (isService === undefined) return notRead;
      return broken(
        {
          en: `service user \`${userName}\` may log on to the console`,
          "zh-CN": `程序用户 \`${userName}\` 可登录控制台`,
        },
        { user: userName },
        logon.ref,
      );
    });
  },
});
